import type { Lab } from '../../lab/lab.ts';
import type { StorageNodeName } from '../../lab/topology.ts';
import { sbdDisk, sbdWatchdogTimeout } from '../../trial/cluster-file.ts';
import { bothCurrent, cutPrimary, otherThan, primaryOf, servedBy } from '../../trial/failover.ts';
import type { San } from '../../trial/san.ts';
import { bootOf, SERVED_AGAIN, type Scenario } from './scenario.ts';

/** A message counts as obeyed when that time is over. Milliseconds. */
const MESSAGE_WAIT = 2 * sbdWatchdogTimeout * 1000;
/** How long a machine that lives may take to answer, and how often it is asked, under emulation. Milliseconds. */
const ANSWERS = 5000;

/** The node that serves goes silent and lives on: only the message on the disk can put it out. */
async function silence(lab: Lab, san: San, node: StorageNodeName): Promise<{ readonly reset: number }> {
  const survivor = otherThan(node);
  const listening = new AbortController();
  let lost: number | undefined;
  await san.follow(survivor, listening.signal, ({ kind }, at) => {
    if (kind === 'node.lost') lost ??= at;
  });
  await lab.node(node).demand('kill -STOP "$(pidof corosync)"');
  let lastAnswer = Date.now();
  while (Date.now() - lastAnswer < SERVED_AGAIN && (await lab.node(node).answers(ANSWERS)))
    lastAnswer = Date.now();
  await servedBy(san, survivor);
  listening.abort();
  // It may have gone at any time after it answered last, so this is the least that it can have taken.
  return { reset: lastAnswer - (lost ?? lastAnswer) };
}

export const sbd: Scenario = {
  name: 'sbd',
  what: 'SBD alone fences: the node that serves loses its power, then one goes silent and is put out by a message',
  fencing: ['sbd'],
  run: async (lab, san) => {
    const wrong: string[] = [];
    const slots = await lab.node('san-a').demand(['sbd', '-d', sbdDisk, 'list']);
    for (const node of ['san-a', 'san-b'])
      if (!slots.includes(`${node}\tclear`)) wrong.push(`${node} has no slot that is clear: ${slots}`);

    const cut = await primaryOf(san);
    const phases = await cutPrimary(lab, san, cut);
    const proof = (phases.fenced ?? 0) - (phases.detected ?? 0);
    if (proof < MESSAGE_WAIT) wrong.push(`${cut} was taken for off after ${proof} ms, before msgwait`);
    await bothCurrent(lab, san);

    const silent = await primaryOf(san);
    const before = await bootOf(lab, silent);
    const { reset } = await silence(lab, san, silent);
    if (reset > MESSAGE_WAIT) wrong.push(`${silent} answered ${reset} ms after it was lost`);
    await lab.node(silent).waitForSsh();
    if ((await bootOf(lab, silent)) === before) wrong.push(`${silent} was not reset`);
    await bothCurrent(lab, san);
    return {
      wrong,
      phases,
      told: `${cut} cut, taken for off after ${proof} ms; ${silent} silent, and answered for ${Math.max(0, reset)} ms after it was lost (msgwait ${MESSAGE_WAIT} ms)`,
    };
  },
};
