import { execa } from 'execa';
import { failed, failure, success, type Result } from '../../model/index.ts';
import type { RunOptions, RunOutput } from '../../ports/index.ts';

/** Runs a program without a shell; the shape that agents see as `AgentContext.run`. */
export type Run = (
  program: string,
  args: readonly string[],
  options?: RunOptions,
) => Promise<Result<RunOutput>>;

export interface RunLimits {
  /** At its abort the program's whole process group is ended, and the result is `agent_timeout`. */
  readonly signal: AbortSignal;
  /** The program leads a process group of this id; told so that somebody else can end it where this process dies. */
  readonly started?: (group: number) => void;
  readonly ended?: (group: number) => void;
}

const OUTPUT_LIMIT = 1024 * 1024;
/** Milliseconds from SIGTERM to SIGKILL, and from SIGKILL until a process that will not die is left alone. */
const LAST_WORDS = 1000;

const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** Ends a process group; one that is gone already is no error. */
export function killGroup(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: nothing of it is left.
  }
}

/**
 * Ends the group at the abort. A process in uninterruptible sleep survives SIGKILL and nobody can wait for it, so
 * this resolves a moment later in any case.
 */
async function endedOrAbandoned<Ended>(
  child: Promise<Ended>,
  group: number | undefined,
  signal: AbortSignal,
): Promise<Ended | 'abandoned'> {
  const { promise: abandoned, resolve } = Promise.withResolvers<'abandoned'>();
  const timers: NodeJS.Timeout[] = [];
  const end = (): void => {
    if (group === undefined) return;
    killGroup(group, 'SIGTERM');
    timers.push(
      setTimeout(() => killGroup(group, 'SIGKILL'), LAST_WORDS),
      setTimeout(() => resolve('abandoned'), 2 * LAST_WORDS),
    );
  };
  signal.addEventListener('abort', end);
  const result = await Promise.race([child, abandoned]);
  signal.removeEventListener('abort', end);
  timers.forEach((timer) => clearTimeout(timer));
  return result;
}

/**
 * A non-zero exit is a value. Failures: `command_missing`; `agent_timeout` at the abort; `command_failed` where it
 * could not be started, was killed by somebody else, or wrote more than 1 MiB (half an answer is worse than none).
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions,
  limits: RunLimits,
): Promise<Result<RunOutput>> {
  const overrun = failed(failure('agent_timeout', `${program} was ended at the deadline`));
  const isOver = (): boolean => limits.signal.aborted;
  if (isOver()) return overrun;
  const child = execa(program, args, {
    reject: false,
    extendEnv: false,
    env: { ...ENVIRONMENT, ...options.environment },
    // Its own process group, so that what it started itself is ended with it.
    detached: true,
    cleanup: false,
    maxBuffer: OUTPUT_LIMIT,
    stripFinalNewline: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  });
  const group = child.pid;
  if (group !== undefined) limits.started?.(group);
  const result = await endedOrAbandoned(child, group, limits.signal);
  if (isOver() && group !== undefined) killGroup(group, 'SIGKILL');
  if (group !== undefined && result !== 'abandoned') limits.ended?.(group);
  if (result === 'abandoned' || isOver()) return overrun;
  if (result.isMaxBuffer) {
    if (group !== undefined) killGroup(group, 'SIGKILL');
    return failed(failure('command_failed', `${program} wrote more than ${OUTPUT_LIMIT} characters`));
  }
  if (result.code === 'ENOENT') return failed(failure('command_missing', `${program} is not installed`));
  if (result.exitCode === undefined) {
    const reason = result.signal ?? result.code ?? 'for an unknown reason';
    return failed(failure('command_failed', `${program} ended without an exit code: ${reason}`));
  }
  return success({ exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr });
}

/** Runs programs with one deadline (milliseconds) for each of them. */
export function createRun(timeout: number): Run {
  return (program, args, options = {}) =>
    runProgram(program, args, options, { signal: AbortSignal.timeout(timeout) });
}

/** Runs a program whose non-zero exit is a failure here; resolves with its standard output. */
export async function runSuccessfully(
  run: Run,
  program: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<Result<string>> {
  const done = await run(program, args, options);
  if (!done.ok) return done;
  const { exitCode, stdout, stderr } = done.value;
  if (exitCode === 0) return success(stdout);
  const said = (stderr.trim() === '' ? stdout : stderr).trim().split('\n').slice(-3).join('; ').slice(0, 500);
  return failed(failure('command_failed', `${program} ${args[0] ?? ''} ended with ${exitCode}: ${said}`));
}
