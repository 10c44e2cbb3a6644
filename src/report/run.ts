import { spawn } from 'node:child_process';
import { killGroup } from '../platform/processes/run.ts';

export interface Output {
  /** The newest part where there was more than the limit. */
  readonly text: string;
  readonly errors: string;
  /** Undefined: it did not end by itself. */
  readonly exitCode: number | undefined;
  /** Bytes of the oldest part that were left out. */
  readonly cut: number;
  /** Why there is no exit code. */
  readonly failure: string | undefined;
}

export interface RunBounds {
  /** Milliseconds. */
  readonly deadline: number;
  /** Bytes of standard output. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Where programs are looked for. */
  readonly path: string;
}

/** From SIGKILL until a process that will not die is left alone. Milliseconds. */
const LAST_WAIT = 500;

/**
 * Runs a program without a shell and keeps the end of what it writes: of a journal the newest counts, and what is
 * there at the deadline is worth more than nothing. A process that hangs in the kernel is left behind. Never rejects.
 */
export function runBounded(program: string, args: readonly string[], bounds: RunBounds): Promise<Output> {
  const output = tail(bounds.limit);
  const errors = tail(4096);
  const { promise, resolve } = Promise.withResolvers<Output>();
  const end = (exitCode: number | undefined, failure?: string): void =>
    resolve({
      // A line that was not finished may hold half a secret, which no filter knows.
      text: exitCode === undefined ? wholeLines(output.text()) : output.text(),
      errors: exitCode === undefined ? wholeLines(errors.text()) : errors.text(),
      exitCode,
      cut: output.cut(),
      failure,
    });
  const child = spawn(program, args, {
    env: { PATH: bounds.path, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it started itself is ended with it.
    detached: true,
  });
  const giveUp = (reason: string): void => {
    if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
    setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      end(undefined, reason);
    }, LAST_WAIT);
  };
  const interrupted = (): void => giveUp('interrupted');
  const timer = setTimeout(() => giveUp(`no end within ${bounds.deadline / 1000} s`), bounds.deadline);
  bounds.signal.addEventListener('abort', interrupted);
  if (bounds.signal.aborted) interrupted();
  child.stdout.on('data', output.add);
  child.stderr.on('data', errors.add);
  child.on('error', (problem: NodeJS.ErrnoException) =>
    end(undefined, problem.code === 'ENOENT' ? `${program} is not installed` : problem.message),
  );
  child.on('close', (code, signal) => {
    if (code !== null) end(code);
    // Ours is told by `giveUp`.
    else if (signal !== 'SIGKILL') end(undefined, `ended by ${signal ?? 'something unknown'}`);
    else setTimeout(() => end(undefined, 'ended by SIGKILL'), 2 * LAST_WAIT);
  });
  return promise.finally(() => {
    clearTimeout(timer);
    bounds.signal.removeEventListener('abort', interrupted);
  });
}

const wholeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1);

/** The last bytes of a stream. */
function tail(limit: number) {
  let chunks: Buffer[] = [];
  let length = 0;
  let cut = 0;
  const shrink = (): void => {
    const whole = Buffer.concat(chunks);
    const excess = Math.max(0, whole.length - limit);
    chunks = [whole.subarray(excess)];
    length -= excess;
    cut += excess;
  };
  return {
    add: (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > 2 * limit) shrink();
    },
    cut: () => cut,
    /** Begins with a whole line where something was cut off. */
    text: (): string => {
      shrink();
      const text = Buffer.concat(chunks).toString('utf8');
      return cut === 0 ? text : text.slice(text.indexOf('\n') + 1);
    },
  };
}
