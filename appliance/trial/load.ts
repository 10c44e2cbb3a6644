import type { Lab } from '../lab/lab.ts';
import { RoleWatch } from './roles.ts';
import { Writer } from './writer.ts';

/** What a host under load went through, judged from outside Keelson. */
export interface Verdict {
  /** Writes that were acknowledged to the application. */
  readonly writes: number;
  readonly verified: number;
  readonly lost: number;
  readonly errors: number;
  /** Longest time between two completed writes, in milliseconds. */
  readonly longestGap: number;
  /** Time for which both kernels said Primary, in milliseconds. */
  readonly bothPrimary: number;
}

export const isGood = (verdict: Verdict): boolean =>
  verdict.writes > 0 &&
  verdict.verified === verdict.writes &&
  verdict.lost === 0 &&
  verdict.errors === 0 &&
  verdict.bothPrimary === 0;

/**
 * Runs the work while the host writes checksummed blocks without a pause and both kernels' DRBD roles are watched; then
 * reads every acknowledged block back.
 */
export async function underLoad<Outcome>(
  lab: Lab,
  device: string,
  writesPerSecond: number,
  work: () => Promise<Outcome>,
): Promise<{
  readonly verdict: Verdict;
  readonly outcome: Outcome;
  /** When each write was completed: milliseconds since 1970 by the host's clock. */
  readonly completed: readonly number[];
}> {
  const roles = new RoleWatch(lab);
  const writer = new Writer(lab, device);
  roles.start();
  try {
    await writer.start(writesPerSecond);
    const outcome = await work();
    const written = await writer.stop();
    const { verified, lost } = await writer.verify(written.writes);
    const { writes, errors, longestGap } = written;
    return {
      outcome,
      completed: written.completed,
      verdict: { writes, verified, lost, errors, longestGap, bothPrimary: roles.stop().both },
    };
  } catch (error) {
    roles.stop();
    await writer.abandon();
    throw error;
  }
}
