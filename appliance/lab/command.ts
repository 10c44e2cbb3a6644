import { execa } from 'execa';
import { LabError } from './error.ts';

/** How a program ended. Output is text, without the last line feed. */
export interface CommandOutcome {
  /** Undefined where a signal or the deadline ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface CommandOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly input?: string | Uint8Array;
  readonly workingFolder?: string;
}

/** Runs a program to its end; an exit code is an answer, not an error. */
export async function runCommand(
  program: string,
  parameters: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const result = await execa(program, parameters, {
    reject: false,
    env: { LC_ALL: 'C.UTF-8' },
    maxBuffer: 64 * 1024 * 1024,
    ...(options.timeout === undefined ? {} : { timeout: options.timeout, forceKillAfterDelay: 2000 }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    ...(options.workingFolder === undefined ? {} : { cwd: options.workingFolder }),
  });
  return {
    exitCode: result.exitCode,
    stdout: result.stdout,
    stderr:
      result.stderr !== '' ? result.stderr : result.exitCode === undefined ? (result.shortMessage ?? '') : '',
    timedOut: result.timedOut,
  };
}

/** Runs a program that has no business failing here; what it says when it does goes into the error. */
export async function demandCommand(
  program: string,
  parameters: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const outcome = await runCommand(program, parameters, options);
  if (outcome.exitCode !== 0) {
    const why = outcome.timedOut ? 'took too long' : `ended with ${outcome.exitCode ?? 'a signal'}`;
    const words = [outcome.stderr, outcome.stdout].filter((text) => text !== '').join('\n');
    throw new LabError(
      'command-failed',
      `${program} ${parameters.join(' ')} ${why}${words === '' ? '' : `:\n${words.slice(-4000)}`}`,
      'Read what the program said; `npm run lab -- status` shows how the lab is.',
    );
  }
  return outcome.stdout;
}
