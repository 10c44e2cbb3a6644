import type { LunView, SnapshotView } from '../../../src/model/index.ts';
import type { Lab } from '../../lab/lab.ts';
import type { StorageNodeName } from '../../lab/topology.ts';
import { clientName } from '../../trial/cluster-file.ts';
import {
  counted,
  countOf,
  countOn,
  isOfOneInstant,
  startCounting,
  stopCounting,
  type Count,
} from '../../trial/counter.ts';
import { bothCurrent, otherThan, primaryOf } from '../../trial/failover.ts';
import { attachLun, toldBy } from '../../trial/host.ts';
import { killers, type Victim } from '../../trial/interrupted-create.ts';
import type { San } from '../../trial/san.ts';
import { followed, isBack, untilDone, volumesOn } from '../../trial/snapshots.ts';
import { fencedSince, processes, SERVED_AGAIN, type Scenario } from './scenario.ts';

const NAME = 'counted';
const LIVE = `${NAME}@live`;
const LOST = `${NAME}@lost`;
const COPY = 'counted-copy';
const SIZE = '64MiB';

const detach = (lab: Lab, wwid: string): Promise<string> =>
  lab.node('client').demand(`multipath -f "$(multipath -l -v1 ${wwid})"`);

/** What a snapshot holds, as the host reads it on a clone of it, which goes again. */
async function readOf(lab: Lab, san: San, snapshot: string): Promise<Count> {
  const made = await untilDone(san, 'POST', '/clones', { name: COPY, from: snapshot, hosts: [clientName] });
  const { wwid } = (made as { readonly lun: LunView }).lun;
  const count = await countOf(lab, await attachLun(lab, wwid, await toldBy(san)));
  await detach(lab, wwid);
  await san.deleteLun(COPY, await primaryOf(san));
  return count;
}

const told = ({ first, second }: Count): string => `${first} and ${second}`;

/** Snapshots are active nowhere, nothing is half made, and LVM has one volume for each. */
async function lookAtVolumes(
  lab: Lab,
  san: San,
  node: StorageNodeName,
  when: string,
): Promise<readonly string[]> {
  const { body } = await san.call(node, 'GET', `/snapshots?lun=${NAME}`);
  const snapshots = body as readonly SnapshotView[];
  const { known, active, unfinished, suspended } = await volumesOn(lab, node);
  const own = known.filter((name) => name === NAME || name.startsWith('keelson_snap_'));
  const mapped = active.filter((name) => own.includes(name));
  return [
    ...(own.length === snapshots.length + 1
      ? []
      : [`${when}: ${snapshots.length} snapshots and ${own.length} volumes: ${own.join(', ')}`]),
    ...(mapped.length === 1 ? [] : [`${when}: active are ${mapped.join(', ')}`]),
    ...(unfinished.length === 0 ? [] : [`${when}: unfinished are ${unfinished.join(', ')}`]),
    ...(suspended.length === 0 ? [] : [`${when}: suspended are ${suspended.join(', ')}`]),
  ];
}

/** Made while the host counts: of one instant, with all that was acknowledged before. */
async function whileCounting(lab: Lab, san: San): Promise<readonly string[]> {
  const before = await counted(lab);
  await untilDone(san, 'POST', '/snapshots', { name: LIVE });
  await countOn(lab, 5);
  const live = await readOf(lab, san, LIVE);
  return [
    ...(isOfOneInstant(live) ? [] : [`the snapshot is not of one instant: ${told(live)}`]),
    ...(live.first >= before ? [] : [`${before} was acknowledged, and the snapshot has ${live.first}`]),
  ];
}

async function whileKilling(lab: Lab, san: San, victim: Victim): Promise<readonly string[]> {
  const node = await primaryOf(san);
  const name = `${NAME}@${victim.replace(' ', '-')}`;
  const asked = san.call(node, 'POST', '/snapshots', { name }).catch(() => undefined);
  await lab.node(node).demand(killers[victim]);
  await asked;
  await untilDone(san, 'POST', '/snapshots', { name });
  await countOn(lab, 5);
  const count = await readOf(lab, san, name);
  return [
    ...(isOfOneInstant(count) ? [] : [`${victim} killed: not of one instant: ${told(count)}`]),
    ...(await lookAtVolumes(lab, san, node, `${victim} killed`)),
  ];
}

/** The node that serves is lost while one is being made: the other one makes it, and activates none. */
async function whileCutting(lab: Lab, san: San): Promise<readonly string[]> {
  const node = await primaryOf(san);
  const other = otherThan(node);
  const asked = san.call(other, 'POST', '/snapshots', { name: LOST }).catch(() => undefined);
  await lab.node(node).powerCut();
  await san.waitFor(
    `${other} serves`,
    SERVED_AGAIN,
    ({ luns }) => luns.some(({ name, servedBy }) => name === NAME && servedBy === other),
    other,
  );
  await asked;
  await untilDone(san, 'POST', '/snapshots', { name: LOST });
  const wrong = await lookAtVolumes(lab, san, other, 'power cut');
  await countOn(lab, 5);
  await bothCurrent(lab, san);
  return wrong;
}

/** There and, across a power cut, back again; the disk is the same to the host each time. */
async function thereAndBack(lab: Lab, san: San, wwid: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  const live = await readOf(lab, san, LIVE);
  await stopCounting(lab);
  const now = await countOf(lab, await attachLun(lab, wwid, await toldBy(san)));
  await detach(lab, wwid);
  const expectCount = async (wanted: Count, when: string): Promise<void> => {
    const device = await attachLun(lab, wwid, await toldBy(san));
    const seen = await countOf(lab, device);
    if (told(seen) !== told(wanted))
      wrong.push(`${when}: the host reads ${told(seen)} instead of ${told(wanted)}`);
    await detach(lab, wwid);
  };

  // The host is logged in for another LUN.
  const path = `/luns/${NAME}/rollback`;
  const refused = await san.call('san-a', 'POST', path, { snapshot: LIVE });
  if (refused.status !== 409)
    wrong.push(`a rollback under a host that is logged in answered ${refused.status}`);
  const begun = await san.call('san-a', 'POST', `${path}?force=true`, { snapshot: LIVE });
  const { state, failure } = await followed(san, begun.body);
  if (state !== 'succeeded') wrong.push(`the rollback ${state}: ${failure?.message ?? ''}`);
  await expectCount(live, 'rolled back');
  wrong.push(...(await lookAtRolledBack(lab, san, 'rolled back')));

  const node = await primaryOf(san);
  const other = otherThan(node);
  const kept = `${NAME}@before-rollback-1`;
  await san.call(other, 'POST', `${path}?force=true`, { snapshot: kept, discard: true });
  await lab.node(node).powerCut();
  await san.waitFor(`${other} serves it, rolled back`, SERVED_AGAIN, isBack(NAME), other);
  await bothCurrent(lab, san);
  await expectCount(now, 'rolled back across a power cut');
  wrong.push(...(await lookAtRolledBack(lab, san, 'rolled back across a power cut')));
  return wrong;
}

/** As above, but that the volume of the LUN's own name is a snapshot by now. */
async function lookAtRolledBack(lab: Lab, san: San, when: string): Promise<readonly string[]> {
  const node = await primaryOf(san);
  const settled = async (): Promise<readonly SnapshotView[]> =>
    (await san.call(node, 'GET', `/snapshots?lun=${NAME}`)).body as readonly SnapshotView[];
  for (let attempt = 0; attempt < 60; attempt += 1) {
    if ((await settled()).every(({ state }) => state === 'ready')) break;
    await lab.node(node).demand(['sleep', '2']);
  }
  return lookAtVolumes(lab, san, node, when);
}

/**
 * A thin LUN on which the host counts, so that what a snapshot holds can be told to be of one instant. It is taken in
 * peace, while processes are killed and while the node is lost; then the LUN goes back, and back again.
 */
export const snapshots: Scenario = {
  name: 'snapshots',
  what: 'snapshots of a thin LUN that is written are taken, also while our processes are killed and the node is lost; it is cloned, rolled back and deleted',
  run: async (lab, san) => {
    const before = processes(lab);
    const wrong: string[] = [];
    await lab.node('client').demand('rm -f /run/counted');
    const { wwid } = await san.createLun(NAME, SIZE, await primaryOf(san), { thin: true });
    await startCounting(lab, await attachLun(lab, wwid, await toldBy(san)));
    await countOn(lab, 5);
    const began = Date.now();
    wrong.push(...(await whileCounting(lab, san)));
    const took = ((Date.now() - began) / 1000).toFixed(1);
    wrong.push(...(await lookAtVolumes(lab, san, await primaryOf(san), 'in peace')));
    for (const victim of ['api', 'agent hosts', 'engine'] satisfies Victim[])
      wrong.push(...(await whileKilling(lab, san, victim)));
    for (const fenced of fencedSince(lab, before)) wrong.push(`${fenced} was fenced`);
    wrong.push(...(await whileCutting(lab, san)));
    wrong.push(...(await thereAndBack(lab, san, wwid)));

    const node = await primaryOf(san);
    const refused = await san.call(node, 'DELETE', `/luns/${NAME}?force=true`);
    if (refused.status !== 409) wrong.push(`deleting a LUN with snapshots answered ${refused.status}`);
    await untilDone(san, 'DELETE', `/luns/${NAME}?force=true&snapshots=true`);
    const { known } = await volumesOn(lab, node);
    const left = known.filter((name) => name === NAME || name.startsWith('keelson_snap_'));
    if (left.length > 0) wrong.push(`left are ${left.join(', ')}`);
    return {
      wrong,
      told: `a snapshot, its clone and their reading took ${took} s; counted to ${await counted(lab)}`,
    };
  },
};
