import { setTimeout as wait } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../../lab/topology.ts';
import { bothCurrent, otherThan, primaryOf, servedBy } from '../../trial/failover.ts';
import type { San } from '../../trial/san.ts';
import { witnessVotes } from '../../trial/witness.ts';
import { demandOut, resetOf } from './sbd-disk.ts';
import { bootOf, NOTHING_HAPPENS, SERVED_AGAIN, type Scenario } from './scenario.ts';

/** The node that is left has one vote of three: it serves nothing, and puts nobody out. */
async function demandWaiting(lab: Lab, san: San, survivor: StorageNodeName): Promise<readonly string[]> {
  const boot = await bootOf(lab, survivor);
  await san.waitFor(
    `${survivor} has no quorum, and says so`,
    SERVED_AGAIN,
    ({ quorate, problems }) => !quorate && problems.some(({ code }) => code === 'no_quorum'),
    survivor,
  );
  await wait(NOTHING_HAPPENS);
  const { serving, quorate, nodes } = await san.status(survivor);
  return [
    ...(serving || quorate ? [`${survivor} goes on with one vote of three`] : []),
    ...(nodes.some(({ fencing }) => fencing?.state === 'confirmed')
      ? [`${survivor} fenced without quorum`]
      : []),
    ...((await bootOf(lab, survivor)) === boot ? [] : [`${survivor} was reset, and has its disk`]),
  ];
}

/** One node: served again as soon as either the witness or the node is back. Here it is the witness. */
async function oneNode(
  lab: Lab,
  san: San,
): Promise<{ readonly wrong: readonly string[]; readonly told: string }> {
  const loser = await primaryOf(san);
  const survivor = otherThan(loser);
  const before = await bootOf(lab, loser);
  await Promise.all([lab.node('witness').powerCut(), lab.node(loser).failDisk('shared')]);
  await resetOf(lab, san, loser, before);
  const wrong = [...(await demandWaiting(lab, san, survivor)), ...(await demandOut(san, loser))];
  const back = performance.now();
  await lab.node('witness').powerOn();
  await servedBy(san, survivor);
  const served = performance.now() - back;
  await lab.node(loser).healDisk('shared');
  await bothCurrent(lab, san);
  await witnessVotes(san, true);
  return {
    wrong,
    told: `${loser} lost the disk while the witness was lost: ${survivor} served ${(served / 1000).toFixed(0)} s after the witness had power`,
  };
}

/** Both nodes: with the disk they are back, and two votes of three are enough. */
async function bothNodes(
  lab: Lab,
  san: San,
): Promise<{ readonly wrong: readonly string[]; readonly told: string }> {
  const boots = await Promise.all(storageNodeNames.map((node) => bootOf(lab, node)));
  await lab.node('witness').powerCut();
  for (const node of storageNodeNames) await lab.node(node).failDisk('shared');
  for (const [index, node] of storageNodeNames.entries()) await resetOf(lab, san, node, boots[index] ?? '');
  await wait(NOTHING_HAPPENS);
  const wrong: string[] = [];
  for (const node of storageNodeNames) wrong.push(...(await demandOut(san, node)));
  for (const node of storageNodeNames) await lab.node(node).healDisk('shared');
  const healed = performance.now();
  await bothCurrent(lab, san);
  const current = performance.now() - healed;
  await witnessVotes(san, false);
  await lab.node('witness').powerOn();
  await witnessVotes(san, true);
  return {
    wrong,
    told: `both lost it: both current ${(current / 1000).toFixed(0)} s after it was back, without the witness`,
  };
}

/** What README promises of the disk and the witness at the same time: nothing is served twice, and nothing by one of three. */
export const sbdAndWitnessLost: Scenario = {
  name: 'sbd-and-witness-lost',
  what: 'with a witness: it is lost at the same time as the only SBD disk, of the node that serves, and then of both',
  fencing: ['sbd'],
  witness: true,
  run: async (lab, san) => {
    await witnessVotes(san, true);
    const one = await oneNode(lab, san);
    const both = await bothNodes(lab, san);
    return { wrong: [...one.wrong, ...both.wrong], told: `${one.told}; ${both.told}` };
  },
};
