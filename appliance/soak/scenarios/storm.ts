import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { HostView, LunView, SnapshotView, StatusView } from '../../../src/model/index.ts';
import type { Lab } from '../../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../../lab/topology.ts';
import { initiatorOf, storm as askAll, stormHosts, stormLuns } from '../../storm/clients.ts';
import { contradictions, reused } from '../../storm/judge.ts';
import { differencesInKernel } from '../../storm/kernel.ts';
import { primaryOf } from '../../trial/failover.ts';
import { killers, type Victim } from '../../trial/interrupted-create.ts';
import type { San } from '../../trial/san.ts';
import { fencedSince, processes, type Scenario } from './scenario.ts';

const CLIENTS = 20;
const CALLS_OF_EACH = 50;
/**
 * Milliseconds: from when a node is itself again until it is struck; until it is that at most; and until everything that was
 * begun has come to its end.
 */
const KILLED_EVERY = 30_000;
const RECOVERED = 180_000;
const CALM = 600_000;

/**
 * On a node that is not itself again yet a kill would only keep it from its work: that is waited for, as long as may be.
 */
async function killInTurn(lab: Lab, san: San, storming: AbortSignal): Promise<number> {
  const victims: readonly Victim[] = ['engine', 'api', 'agent hosts'];
  for (let kills = 0; ; kills += 1) {
    const node = storageNodeNames[kills % storageNodeNames.length] ?? 'san-a';
    await san
      .waitFor(
        `${node} is itself again`,
        RECOVERED,
        (status) => storming.aborted || status.synchronised,
        node,
      )
      .catch(() => undefined);
    await wait(KILLED_EVERY, undefined, { signal: storming }).catch(() => undefined);
    if (storming.aborted) return kills;
    // A node that was put out is told of at the end.
    await lab
      .node(node)
      .run(killers[victims[kills % victims.length] ?? 'engine'])
      .catch(() => undefined);
  }
}

const isCalm = ({ synchronised, luns }: StatusView): boolean =>
  synchronised &&
  luns.every(
    ({ state, growingTo, servedBy }) =>
      state === 'ready' && growingTo === undefined && servedBy !== undefined,
  );

async function listed<Item>(san: San, node: StorageNodeName, path: string): Promise<readonly Item[]> {
  const { status, body } = await san.call(node, 'GET', path);
  if (status !== 200) throw new Error(`${node} answered ${status} to GET ${path}: ${JSON.stringify(body)}`);
  return body as readonly Item[];
}

interface AtRest {
  readonly luns: readonly LunView[];
  readonly snapshots: readonly SnapshotView[];
  readonly wrong: readonly string[];
}

/** What the nodes and their kernels say once nothing is under way. */
async function atRest(lab: Lab, san: San): Promise<AtRest> {
  for (const node of storageNodeNames) await san.waitFor(`${node} has ended everything`, CALM, isCalm, node);
  const [luns = [], others = []] = await Promise.all(
    storageNodeNames.map((node) => listed<LunView>(san, node, '/luns')),
  );
  const snapshots = await listed<SnapshotView>(san, 'san-a', '/snapshots');
  const hosts = await listed<HostView>(san, 'san-a', '/hosts');
  const initiatorsOf = (name: string): readonly string[] =>
    hosts.find((host) => host.name === name)?.initiators ?? [];
  const wrong = [...(await differencesInKernel(lab, await primaryOf(san), luns, snapshots, initiatorsOf))];
  if (JSON.stringify(luns) !== JSON.stringify(others))
    wrong.push('the nodes show other LUNs than each other');
  for (const { name, state } of snapshots)
    if (state !== 'ready') wrong.push(`the snapshot ${name} is ${state}`);
  return { luns, snapshots, wrong };
}

/** Many clients at once, some of our processes killed meanwhile; what is left is what they were told. */
export const storm: Scenario = {
  name: 'storm',
  what: `${CLIENTS} clients ask ${CLIENTS * CALLS_OF_EACH} times at random for the same few LUNs and snapshots, on both nodes, while our processes are killed`,
  run: async (lab, san) => {
    const before = processes(lab);
    for (const name of stormHosts)
      await san.call('san-a', 'POST', '/hosts', { name, initiators: [initiatorOf(name)] });
    const storming = new AbortController();
    const killing = killInTurn(lab, san, storming.signal);
    const begun = performance.now();
    const record = await askAll(san, { clients: CLIENTS, calls: CALLS_OF_EACH }).finally(() => {
      storming.abort();
    });
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    const kills = await killing;
    const { luns, snapshots, wrong: found } = await atRest(lab, san);
    const wrong = [
      ...found,
      ...contradictions(stormLuns, record.calls, luns, snapshots),
      ...reused([...record.seen, ...luns]),
      ...record.strange,
      ...fencedSince(lab, before).map((node) => `${node} was fenced`),
    ];
    if (wrong.length > 0) {
      const path = join(lab.settings.stateFolder, 'storm.json');
      await writeFile(path, JSON.stringify({ calls: record.calls, luns, snapshots }, undefined, 1));
      wrong.push(`every call is in ${path}`);
    }
    const left = luns.filter(({ name }) => stormLuns.includes(name));
    for (const { name } of snapshots) await san.call('san-a', 'DELETE', `/snapshots/${name}?wait=60`);
    for (const { name } of left) await san.deleteLun(name);
    for (const name of stormHosts) await san.call('san-a', 'DELETE', `/hosts/${name}`);
    const counted = (isIt: (answer: (typeof record.calls)[number]['answer']) => boolean): number =>
      record.calls.filter(({ answer }) => isIt(answer)).length;
    return {
      wrong,
      told:
        `${record.calls.length} calls in ${seconds} s (${counted((answer) => answer === 'done')} done, ` +
        `${counted((answer) => typeof answer === 'object')} refused, ` +
        `${counted((answer) => answer === 'unknown')} without an answer), ${kills} kills, ${left.length} LUNs and ${snapshots.length} snapshots at the end`,
    };
  },
};
