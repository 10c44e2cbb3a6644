/** Program: simulates seeds for `many.ts`, which sends them as messages, and answers each with what came of it. */
import { simulate } from './simulate.ts';

/** What came of one seed, small enough to be sent. */
export interface Result {
  readonly seed: number;
  readonly faults: number;
  /** Simulated milliseconds. */
  readonly duration: number;
  readonly writes: number;
  readonly changes: number;
  readonly recovery: number;
  readonly violation: { readonly message: string; readonly cause: string | undefined } | undefined;
  /** Milliseconds of CPU that this process has used since its first seed. */
  readonly cpu: number;
}

let start: NodeJS.CpuUsage | undefined;

process.on('message', (seed: number) => {
  start ??= process.cpuUsage();
  const result = simulated(seed);
  const { user, system } = process.cpuUsage(start);
  // Nobody is told any more where the parent has gone.
  if (process.connected) process.send?.({ ...result, cpu: (user + system) / 1000 });
});

function simulated(seed: number): Omit<Result, 'cpu'> {
  try {
    const { faults, duration, writes, changes, recovery, violation } = simulate(seed);
    return {
      seed,
      faults,
      duration,
      writes,
      changes,
      recovery,
      violation: violation && { message: violation.message, cause: violation.cause },
    };
  } catch (error) {
    // A mistake in the simulation itself; the other seeds go on.
    const message = `the simulation broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    const nothing = { faults: 0, duration: 0, writes: 0, changes: 0, recovery: 0 };
    return { seed, ...nothing, violation: { message, cause: undefined } };
  }
}
