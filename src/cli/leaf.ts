import type { Command } from 'commander';
import type { Client } from './client.ts';
import type { GlobalOptions } from './options.ts';
import { processOutput } from './output.ts';
import type { Session } from './program.ts';

async function clientOf(options: GlobalOptions): Promise<Client> {
  const [{ Client: Class }, { connectionOf }] = await Promise.all([
    import('./client.ts'),
    import('./options.ts'),
  ]);
  return new Class(connectionOf(options, process.env));
}

/** The session of the command that runs, out of the options of all levels. */
export const sessionOf = (command: Command): Session => {
  const options = command.optsWithGlobals<GlobalOptions>();
  return { client: () => clientOf(options), output: processOutput, json: options.json === true };
};

/** The last parameter that commander hands to an action. */
export const ranBy = (given: readonly unknown[]): Command => given.at(-1) as Command;

/** For options that may be given again. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

/** `--json` stands behind the command, where people type it. */
export const leaf = (
  parent: Command,
  words: string,
  description: string,
  json = 'print what the API answers, as JSON',
): Command => parent.command(words).description(description).option('--json', json);
