import { setTimeout as wait } from 'node:timers/promises';
import type { OperationView } from '../../../src/model/index.ts';
import { LabError } from '../../lab/error.ts';
import type { Lab } from '../../lab/lab.ts';
import type { StorageNodeName } from '../../lab/topology.ts';
import { bothCurrent, cutPrimary, otherThan, primaryOf } from '../../trial/failover.ts';
import type { San } from '../../trial/san.ts';
import { fencedSince, processes, SERVED_AGAIN, type Scenario } from './scenario.ts';

/** A first sync copies everything, in milliseconds. */
const FILLED = 1_800_000;

async function replace(san: San, node: StorageNodeName, body: object): Promise<OperationView> {
  const answer = await san.call(otherThan(node), 'POST', `/nodes/${node}/replace`, body);
  if (answer.status !== 202 && answer.status !== 200)
    throw new LabError(
      'command-failed',
      `replace of ${node}: ${JSON.stringify(answer.body)}`,
      'See the code.',
    );
  return (answer.body as { readonly operation: OperationView }).operation;
}

const operation = async (san: San, node: StorageNodeName, id: string): Promise<OperationView> =>
  (await san.call(node, 'GET', `/operations/${id}`)).body as OperationView;

/** Asks until it is so, or says what was seen last. */
async function until(
  what: string,
  look: () => Promise<OperationView>,
  isSo: (seen: OperationView) => boolean,
  within: number,
): Promise<OperationView> {
  const end = performance.now() + within;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (performance.now() > end)
      throw new LabError('command-failed', `waited for: ${what}; seen: ${JSON.stringify(seen)}`, 'See it.');
    await wait(1000);
  }
}

/** The disk of the configuration, by the name that stays. */
async function diskOf(san: San, node: StorageNodeName): Promise<string> {
  const view = (await san.call(node, 'GET', '/config')).body as {
    readonly config: { readonly pools: Record<string, { readonly disks: Record<string, string> }> };
  };
  return Object.values(view.config.pools)[0]?.disks[node] ?? '';
}

export const diskReplaced: Scenario = {
  name: 'disk-replaced',
  what: 'the disk of the node that serves fails and is replaced: first by one that is too small, then by one that is emptied and filled; then the other node loses its power',
  run: async (lab: Lab, san: San) => {
    const wrong: string[] = [];
    const node = await primaryOf(san);
    const survivor = otherThan(node);
    const before = processes(lab);
    const disk = await diskOf(san, node);
    await lab.node(node).failDisk();
    await san.waitFor(
      `${survivor} serves, whose disk is good`,
      SERVED_AGAIN,
      (status) => status.serving && status.pools.every(({ primary }) => primary === survivor),
      survivor,
    );
    await lab.node(node).healDisk();

    const small = (
      await lab
        .node(node)
        .demand(['sh', '-c', 'truncate -s 16M /root/small && losetup --find --show /root/small'])
    ).trim();
    const refused = await replace(san, node, { disk: small });
    const told = await until(
      'the small disk is refused',
      () => operation(san, survivor, refused.id),
      ({ progress }) => progress?.includes('bytes are needed') === true,
      SERVED_AGAIN,
    );

    const unnamed = await san.call(survivor, 'POST', `/nodes/${node}/replace`, { disk });
    const kept = (unnamed.body as { readonly operation?: OperationView }).operation;
    if (kept === undefined) wrong.push(`the disk with its old data: ${JSON.stringify(unnamed.body)}`);
    else
      await until(
        'the disk that carries data is refused',
        () => operation(san, survivor, kept.id),
        ({ progress }) => progress?.includes('carries') === true,
        SERVED_AGAIN,
      );

    const filled = await replace(san, node, { disk, overwrite: [disk] });
    const began = Date.now();
    const midway = await san.waitFor(
      'the status tells how far it is',
      SERVED_AGAIN,
      (status) =>
        status.problems.some(({ code, message }) => code === 'node_replacing' && message.includes('%')),
      survivor,
    );
    if (midway.survivesFailure) wrong.push('a failure is said to be survived by a disk that is half full');
    const ended = await until(
      'it is filled',
      () => operation(san, survivor, filled.id),
      ({ state }) => state !== 'running',
      FILLED,
    );
    if (ended.state !== 'succeeded') wrong.push(`it ended with ${ended.failure?.message ?? ended.state}`);
    const seconds = ((Date.now() - began) / 1000).toFixed(0);
    await bothCurrent(lab, san);
    wrong.push(...fencedSince(lab, before).map((fenced) => `${fenced} was fenced`));
    await lab.node(node).demand(['sh', '-c', `losetup --detach ${small} && rm /root/small`]);
    // What was acknowledged meanwhile is on the new disk too.
    const phases = await cutPrimary(lab, san, survivor);
    await bothCurrent(lab, san);
    return { wrong, told: `"${told.progress ?? ''}"; filled in ${seconds} s`, phases };
  },
};
