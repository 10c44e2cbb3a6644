import { setTimeout as wait } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.ts';
import type { Progress } from '../../lab/progress.ts';
import type { StorageNodeName } from '../../lab/topology.ts';
import { otherThan } from '../../trial/failover.ts';
import { underLoad } from '../../trial/load.ts';
import { clockAhead } from './clock.ts';
import { writesAgain } from './host.ts';
import { readJournal } from './journal.ts';
import {
  byOtherClock,
  endOfLongestGap,
  firstFrom,
  hostSigns,
  milestonesOf,
  type Deed,
  type Milestones,
  type Sign,
} from './phases.ts';
import type { Measured, Over } from './results.ts';
import type { Stack } from './stack.ts';

const WRITES_PER_SECOND = 20;
/** The host writes for so long before, and after it writes again, in milliseconds. */
const BEFORE = 5000;
const AFTER = 8000;

/** Ends the load of a failover that took longer than it may. */
class Overdue extends Error {
  readonly over: Over;

  constructor(over: Over) {
    super('the host did not write within the limit');
    this.over = over;
  }
}

/**
 * One failover under load, until both nodes are whole again and all writes were read back. `limit` is how long the host
 * may be without a write, in milliseconds.
 */
export async function measure(
  lab: Lab,
  stack: Stack,
  device: string,
  deed: Deed,
  limit: number,
  progress: Progress,
): Promise<Measured | Over> {
  try {
    const { verdict, outcome, completed } = await underLoad(lab, device, WRITES_PER_SECOND, async () => {
      await wait(BEFORE);
      const node = await stack.primary();
      const seen = await failOver(lab, stack, device, deed, node, limit, progress);
      await stack.settle(deed, node);
      return seen;
    });
    const { began, hostAhead } = outcome;
    const writes = completed.map((at) => at - hostAhead);
    const fenced = outcome.milestones.fenced;
    const written = fenced === undefined ? endOfLongestGap(writes, began) : firstFrom(writes, fenced);
    const { longestGap, lost, errors, bothPrimary } = verdict;
    return {
      kind: 'measured',
      began,
      milestones: { ...outcome.milestones, ...(written === undefined ? {} : { written }) },
      longestGap,
      writes: verdict.writes,
      lost,
      errors,
      bothPrimary,
    };
  } catch (error) {
    if (error instanceof Overdue) return error.over;
    throw error;
  }
}

interface Seen {
  readonly began: number;
  readonly milestones: Milestones;
  /** Milliseconds that the host's clock is ahead. */
  readonly hostAhead: number;
}

async function failOver(
  lab: Lab,
  stack: Stack,
  device: string,
  deed: Deed,
  node: StorageNodeName,
  limit: number,
  progress: Progress,
): Promise<Seen> {
  const taker = otherThan(node);
  const began = Date.now();
  if (deed === 'power-cut') await lab.node(node).powerCut();
  else await stack.order(node);
  const isBack = await writesAgain(lab, device, taker, limit, progress);
  if (isBack) await wait(AFTER);
  const { taker: takerSigns, other: otherSigns } = stack.signs(taker, node);
  const hostAhead = await clockAhead(lab, 'client');
  const milestones = {
    ...(await read(lab, taker, began, stack.journal, takerSigns)),
    ...(deed === 'planned-move' ? await read(lab, node, began, stack.journal, otherSigns) : {}),
    ...(await read(lab, 'client', began, ['--unit=iscsid.service'], hostSigns)),
  };
  if (!isBack) throw new Overdue({ kind: 'over', limit, began, milestones });
  return { began, milestones, hostAhead };
}

/** Moments by this machine's clock. */
async function read(
  lab: Lab,
  name: StorageNodeName | 'client',
  since: number,
  chosen: readonly string[],
  signs: readonly Sign[],
): Promise<Milestones> {
  if (signs.length === 0) return {};
  const ahead = await clockAhead(lab, name);
  const lines = await readJournal(lab.node(name), since + ahead, chosen);
  return byOtherClock(milestonesOf(lines, signs), ahead);
}
