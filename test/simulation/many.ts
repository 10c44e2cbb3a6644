import type { Many } from './arguments.ts';
import type { Result } from './seed-worker.ts';
import { sideBySide } from './side-by-side.ts';
import { smallest, told } from './smallest.ts';

/** Violations that are made small and told; more of the same kind only cost time. */
const MOST_TOLD = 3;
/** What shells say of a program that an interrupt ended. */
const INTERRUPTED = 130;
/** Seeds between two lines that say how far it is. */
const PROGRESS_EVERY = 1000;

/**
 * Many seeds on all CPUs; the exit code. An interrupt (Ctrl-C, SIGTERM) lets the seeds under way end and counts what there
 * is, so that a long run may be told in pieces; it is 130 then, since not everything was run that was asked for.
 */
export async function many({ first, count, workers, mayShrink }: Many): Promise<number> {
  console.log(`seeds ${first} to ${first + count - 1}`);
  const results: Result[] = [];
  const seeds = sideBySide({ first, count, workers }, (result) => {
    results.push(result);
    if (results.length % PROGRESS_EVERY === 0)
      console.log(`${results.length} of ${count} seeds, ${results.filter(isOurs).length} violations`);
    if (result.violation !== undefined) console.log(`seed ${result.seed}: ${describe(result.violation)}`);
  });
  const endEarly = (): void => {
    const next = seeds.end();
    if (next !== undefined) console.log(`interrupted: the next seed would have been ${next}`);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, endEarly);
  const cpu = await seeds.cpu;
  const violating = results.filter(isOurs).map(({ seed }) => seed);
  if (mayShrink)
    for (const seed of violating.sort((a, b) => a - b).slice(0, MOST_TOLD)) {
      tellSmallest(seed);
    }
  summarise(results, cpu);
  if (violating.length > 0) return 1;
  return results.length < count ? INTERRUPTED : 0;
}

function tellSmallest(seed: number): void {
  try {
    const found = smallest(seed);
    if (found !== undefined) console.log(`\n${told(seed, found)}\n`);
  } catch (error) {
    console.log(`seed ${seed} cannot be made smaller: ${String(error)}`);
  }
}

function summarise(results: readonly Result[], cpu: number): void {
  const of = (field: 'faults' | 'duration' | 'writes' | 'changes'): number =>
    sum(results.map((result) => result[field]));
  const recoveries = results.map(({ recovery }) => recovery).sort((a, b) => a - b);
  const at = (share: number): string =>
    (
      (recoveries[Math.min(recoveries.length - 1, Math.floor(recoveries.length * share))] ?? 0) / 1000
    ).toFixed(0);
  const violations = results.filter(isOurs).length;
  const lies = results.filter(({ violation }) => violation?.cause !== undefined).length;
  if (lies > 0)
    console.log(
      `${lies} seeds broke because a device or an agent lied; these are not violations of the engine`,
    );
  console.log(
    `${of('writes')} writes and ${of('changes')} changes acknowledged, well again after ${at(0.5)} s (median), ${at(1)} s (longest)`,
  );
  console.log(
    `simulation: ${results.length} seeds, ${of('faults')} faults, ${violations} violations, ${(of('duration') / Math.max(1, cpu)).toFixed(0)} x real time`,
  );
}

/** Whoever is told what is not so cannot be blamed for what comes of it. */
export const isOurs = ({ violation }: Result): boolean =>
  violation !== undefined && violation.cause === undefined;

const describe = ({
  message,
  cause,
}: {
  readonly message: string;
  readonly cause: string | undefined;
}): string =>
  cause === undefined ? message : `not the engine's fault (${cause}): ${message.split('\n', 1)[0] ?? ''}`;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
