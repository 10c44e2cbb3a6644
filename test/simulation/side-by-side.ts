import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Result } from './seed-worker.ts';

const WORKER = fileURLToPath(new URL('seed-worker.ts', import.meta.url));
/**
 * A story makes much that is forgotten with its next event. With room for 64 MiB of it between two collections a seed takes
 * a fifth less CPU than with V8's default; more room gains nothing.
 */
export const ROOM_FOR_GARBAGE = '--max-semi-space-size=64';

export interface Seeds {
  readonly first: number;
  readonly count: number;
  /** How many processes, each of which has one seed at a time. */
  readonly workers: number;
}

export interface SideBySide {
  /** Milliseconds of CPU of all processes together; there when the last seed is told. */
  readonly cpu: Promise<number>;
  /** No seed is begun any more; the next one would have been this, undefined where all are begun. */
  readonly end: () => number | undefined;
}

/** Simulates seeds in processes of their own; tells each in the order in which they end. */
export function sideBySide({ first, count, workers }: Seeds, tell: (result: Result) => void): SideBySide {
  let next = first;
  let end = first + count;
  const work = async (): Promise<number> => {
    // In a process group of its own, which Ctrl-C does not reach.
    const child = fork(WORKER, { execArgv: [ROOM_FOR_GARBAGE], detached: true });
    let cpu = 0;
    while (next < end) {
      const seed = next;
      next += 1;
      const result = await ask(child, seed);
      cpu = result.cpu;
      tell(result);
    }
    child.disconnect();
    return cpu;
  };
  const all = Promise.all(Array.from({ length: Math.min(workers, count) }, work));
  return {
    cpu: all.then((cpus) => cpus.reduce((total, cpu) => total + cpu, 0)),
    end: () => {
      if (next >= end) return undefined;
      end = next;
      return next;
    },
  };
}

function ask(child: ChildProcess, seed: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error(`the simulation of seed ${seed} ended without a result`));
    child.once('exit', gone);
    child.once('message', (result) => {
      child.off('exit', gone);
      resolve(result as Result);
    });
    child.send(seed);
  });
}
