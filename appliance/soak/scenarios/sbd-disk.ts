import { setTimeout as wait } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../../lab/topology.ts';
import { bothCurrent, otherThan, primaryOf, servedBy } from '../../trial/failover.ts';
import { apiAnswers } from '../../trial/form.ts';
import type { San } from '../../trial/san.ts';
import { bootOf, NOTHING_HAPPENS, SERVED_AGAIN, type Scenario } from './scenario.ts';

/** Until it has booted anew, and its API answers: what it says then is its own. Milliseconds from the call. */
export async function resetOf(lab: Lab, san: San, node: StorageNodeName, before: string): Promise<number> {
  const began = performance.now();
  for (;;) {
    await lab.node(node).waitForSsh();
    // It may be reset between the two.
    const boot = await bootOf(lab, node).catch(() => before);
    if (boot !== before) break;
    if (performance.now() - began > SERVED_AGAIN) throw new Error(`${node} was not reset`);
    await wait(1000);
  }
  const took = performance.now() - began;
  await apiAnswers(san, node);
  return took;
}

/** What the node says of itself once its disk is lost: that it is not there, and why. */
export async function demandOut(san: San, node: StorageNodeName): Promise<readonly string[]> {
  const { serving, synchronised, problems } = await san.status(node);
  return [
    ...(serving || synchronised ? [`${node} takes part without the disk`] : []),
    ...(problems.length > 0 ? [] : [`${node} does not say why it takes no part`]),
  ];
}

/** What README promises of one disk: who loses it is reset, and stays out until it is back. */
export const sbdDiskLost: Scenario = {
  name: 'sbd-disk-lost',
  what: 'SBD alone fences: its only disk is lost by the node that serves, and then by both',
  fencing: ['sbd'],
  run: async (lab, san) => {
    const wrong: string[] = [];
    const told: string[] = [];
    const loser = await primaryOf(san);
    const survivor = otherThan(loser);
    const one = await bootOf(lab, loser);
    await lab.node(loser).failDisk('shared');
    await servedBy(san, survivor);
    const reset = await resetOf(lab, san, loser, one);
    await wait(NOTHING_HAPPENS);
    const status = await san.status(survivor);
    if (status.nodes.some(({ name, state }) => name === loser && state === 'online'))
      wrong.push(`${survivor} has ${loser} online, without the disk`);
    wrong.push(...(await demandOut(san, loser)));
    await lab.node(loser).healDisk('shared');
    await bothCurrent(lab, san);
    told.push(`${loser} lost it and was reset, seen ${(reset / 1000).toFixed(0)} s after ${survivor} served`);

    const boots = await Promise.all(storageNodeNames.map((node) => bootOf(lab, node)));
    for (const node of storageNodeNames) await lab.node(node).failDisk('shared');
    for (const [index, node] of storageNodeNames.entries()) await resetOf(lab, san, node, boots[index] ?? '');
    await wait(NOTHING_HAPPENS);
    for (const node of storageNodeNames) wrong.push(...(await demandOut(san, node)));
    for (const node of storageNodeNames) await lab.node(node).healDisk('shared');
    const healed = performance.now();
    await bothCurrent(lab, san);
    told.push(
      `both lost it and were reset; both current ${((performance.now() - healed) / 1000).toFixed(0)} s after it was back`,
    );
    return { wrong, told: told.join('; ') };
  },
};
