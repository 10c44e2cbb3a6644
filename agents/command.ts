import { failed, failure, type Result } from '../src/model/index.ts';
import type { AgentContext, RunOptions, RunOutput } from '../src/ports/index.ts';

/** What a program said about its failure, on one line and short enough for a status. */
export function complaint(output: RunOutput): string {
  const text = output.stderr.trim() === '' ? output.stdout : output.stderr;
  return text.trim().replaceAll(/\s+/g, ' ').slice(0, 500);
}

/** `command_failed`, with the program, its arguments and what it said. */
export function commandFailed(program: string, args: readonly string[], output: RunOutput): Result<never> {
  const line = [program, ...args].join(' ').slice(0, 300);
  return failed(failure('command_failed', `${line}: exit ${output.exitCode}: ${complaint(output)}`));
}

/** Runs a program that must exit with 0; everything else is `command_failed`. */
export async function runSuccessfully(
  context: AgentContext,
  program: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<Result<RunOutput>> {
  const ran = await context.run(program, args, options);
  if (!ran.ok || ran.value.exitCode === 0) return ran;
  return commandFailed(program, args, ran.value);
}
