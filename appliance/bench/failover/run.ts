import type { Lab } from '../../lab/lab.ts';
import type { Progress } from '../../lab/progress.ts';
import { attachLun } from '../../trial/host.ts';
import { inWords } from './luns.ts';
import { measure } from './measure.ts';
import { deedNames, deeds } from './phases.ts';
import { isEnd, recoveryOf, type Outcome, type Result } from './results.ts';
import { TooSlow, type Stack } from './stack.ts';

export interface Wish {
  /** Numbers of LUNs, growing. */
  readonly counts: readonly number[];
  readonly times: number;
  /** How long the host may be without a write, in milliseconds. */
  readonly limit: number;
}

/**
 * Measures a stack with more and more LUNs, and tells each result as soon as it is there. What goes wrong ends the stack
 * and not the bench: of the sizes left it is said that they were not run, and why.
 */
export async function runStack(
  lab: Lab,
  stack: Stack,
  { counts, times, limit }: Wish,
  progress: Progress,
  tell: (result: Result) => void,
): Promise<void> {
  let ended: string | undefined;
  let device: string | undefined;
  for (const luns of counts) {
    const size = inWords(luns);
    if (ended === undefined) {
      progress(`${stack.name}: ${size}`);
      try {
        // The host has the first LUN before there are others: it is to find one disk, and not hundreds.
        device ??= await attachLun(lab, await stack.serveFirst());
        await stack.growTo(luns);
      } catch (error) {
        const said = messageOf(error);
        ended = error instanceof TooSlow ? said : `it did not come up with ${size}: ${said}`;
        progress(`${stack.name}: ${ended}`);
      }
    }
    for (const deed of deedNames) {
      const outcomes: Outcome[] = [];
      for (let time = 1; time <= times && ended === undefined && device !== undefined; time += 1) {
        progress(`${stack.name}, ${size}, ${deeds[deed].toLowerCase()}, ${time} of ${times}`);
        const outcome = await measure(lab, stack, device, deed, limit, progress).catch(asFailed);
        progress(`${stack.name}, ${size}: ${outcomeInWords(outcome)}`);
        outcomes.push(outcome);
        if (outcome.kind === 'over') ended = `it took more than ${limit / 60_000} minutes with ${size}`;
        if (outcome.kind === 'failed') ended = `it failed with ${size}`;
      }
      const why = ended ?? 'it was not asked for';
      const result: Result = {
        stack: stack.name,
        luns,
        deed,
        outcomes: outcomes.length === 0 ? [{ kind: 'not-run', why }] : outcomes,
      };
      tell(result);
      if (isEnd(result)) ended ??= why;
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const asFailed = (error: unknown): Outcome => ({
  kind: 'failed',
  why: messageOf(error),
});

function outcomeInWords(outcome: Outcome): string {
  if (outcome.kind === 'failed') return `failed: ${outcome.why}`;
  if (outcome.kind !== 'measured') return outcome.kind;
  const recovery = recoveryOf(outcome);
  const since = recovery === undefined ? '' : `, ${(recovery / 1000).toFixed(1)} s after fencing`;
  return `gap of ${(outcome.longestGap / 1000).toFixed(1)} s${since}; ${outcome.lost} lost, ${outcome.errors} errors`;
}
