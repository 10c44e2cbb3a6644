#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodes } from './ending.ts';
import { createProgram } from './program.ts';

/** Program: sets up a third machine as witness. A bug is not caught. */
try {
  await createProgram((exitCode) => (process.exitCode = exitCode)).parseAsync();
} catch (problem) {
  if (!(problem instanceof CommanderError)) throw problem;
  process.exitCode = problem.exitCode === 0 ? exitCodes.success : exitCodes.usage;
}
