import { CommanderError } from 'commander';
import { CliFailure, Ending, exitCodes } from './failures.ts';
import { createProgram } from './program.ts';

/** Runs one command line and gives the exit code; a bug is not caught. */
export async function main(words: readonly string[]): Promise<number> {
  // A reader that has seen enough (`keelson events | head`) is no error.
  process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
    if (problem.code === 'EPIPE') process.exit(exitCodes.success);
    throw problem;
  });
  try {
    await createProgram().parseAsync([...words], { from: 'user' });
    return exitCodes.success;
  } catch (problem) {
    if (problem instanceof CommanderError)
      return problem.exitCode === 0 ? exitCodes.success : exitCodes.usage;
    if (problem instanceof Ending) return problem.exitCode;
    if (!(problem instanceof CliFailure)) throw problem;
    process.stderr.write(problem.lines);
    return problem.exitCode;
  }
}
