import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '../../../src/model/index.ts';
import { bothCurrent, otherThan, primaryOf } from '../../trial/failover.ts';
import { fencedSince, NOTHING_HAPPENS, processes, SERVED_AGAIN, type Scenario } from './scenario.ts';

/** Not the warning of the board's regular check, but a fencing that is needed and fails. */
const isStuck = ({ code, severity }: Problem): boolean =>
  code === 'fence_unreachable' && severity === 'data-not-served';

export const boardDown: Scenario = {
  name: 'board-down',
  what: 'the power is cut while the management board cannot be reached',
  run: async (lab, san) => {
    const node = await primaryOf(san);
    const survivor = otherThan(node);
    const wrong: string[] = [];
    await lab.node(node).boardDown();
    await lab.node(node).powerCut();
    const stuck = await san.waitFor(
      'the status says that fencing fails',
      SERVED_AGAIN,
      (status) => status.problems.some(isStuck),
      survivor,
    );
    const problem = stuck.problems.find(isStuck);
    if (!problem?.message.includes(node) || problem.next === '')
      wrong.push('the problem does not name the node or the next step');
    const end = Date.now() + NOTHING_HAPPENS;
    while (Date.now() < end) {
      const status = await san.status(survivor);
      if (status.serving || status.pools.some(({ primary }) => primary === survivor))
        wrong.push(`${survivor} serves without a fencing`);
      await wait(2000);
    }
    await lab.node(node).boardUp();
    const answered = Date.now();
    await san.waitFor(`${survivor} serves`, SERVED_AGAIN, (status) => status.serving, survivor);
    const told = `"${problem?.message ?? ''}"; served ${(Date.now() - answered) / 1000} s after the board answered again`;
    await bothCurrent(lab, san);
    return { wrong: [...new Set(wrong)], told };
  },
};

export const diskFailure: Scenario = {
  name: 'disk-failure',
  what: 'the disk of the node that serves fails',
  run: async (lab, san) => {
    const node = await primaryOf(san);
    const before = processes(lab);
    await lab.node(node).failDisk();
    const began = Date.now();
    await san.waitFor(
      `${otherThan(node)} serves, whose disk is good`,
      SERVED_AGAIN,
      (status) => status.serving && status.pools.every(({ primary }) => primary === otherThan(node)),
    );
    const told = `${otherThan(node)} serves after ${((Date.now() - began) / 1000).toFixed(1)} s`;
    const wrong = fencedSince(lab, before).map((fenced) => `${fenced} was fenced`);
    // The same disk with its old data comes back with a boot, as after a cable was mended.
    await lab.node(node).healDisk();
    await lab.node(node).powerCut();
    await bothCurrent(lab, san);
    return { wrong, told };
  },
};
