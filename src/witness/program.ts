import { isIPv4 } from 'node:net';
import { Command, InvalidArgumentError } from 'commander';
import type { Result } from '../model/index.ts';
import { processOutput, type Output } from '../cli/output.ts';
import { exitCodes, failureLines } from './ending.ts';
import type { SetupOptions } from './setup.ts';

function port(text: string): string {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 65_535) return text;
  throw new InvalidArgumentError('It is a whole number from 1 to 65535.');
}

function address(text: string): string {
  if (isIPv4(text)) return text;
  throw new InvalidArgumentError('It is an IPv4 address, not a host name.');
}

/** The tree of commands. `ended` is told the exit code. */
export function createProgram(ended: (exitCode: number) => void, output: Output = processOutput): Command {
  const finish = (result: Result<number>): void => {
    if (result.ok) {
      ended(result.value);
      return;
    }
    output.tell(failureLines(result.failure).trimEnd());
    ended(exitCodes.failure);
  };
  const program = new Command('keelson-witness')
    .description(
      'Makes this machine the witness of Keelson clusters: it votes when their nodes do not hear each other.',
    )
    .exitOverride()
    .showHelpAfterError('See `keelson-witness --help`.')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 the command cannot be understood, 130 ended by Ctrl-C.',
    );
  program
    .command('setup')
    .description('have corosync-qnetd run here, and give one cluster its certificate; may be repeated')
    .option(
      '--address <address>',
      'listen for the cluster on this IPv4 address only (default: on all)',
      address,
    )
    .option('--port <port>', 'the port on which to listen for the cluster', port, '8443')
    .option('--replace <cluster>', 'a cluster that is gone for good: its name may be taken by another one')
    .option('--json', 'print the secret, and at the end the cluster, as one JSON object a line')
    .action(async (options: SetupOptions) =>
      finish(await (await import('./setup.ts')).setup(options, output)),
    );
  program
    .command('status')
    .description('whether corosync-qnetd runs here, and which clusters are connected to it')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) =>
      finish(await (await import('./status.ts')).status(options, output)),
    );
  return program;
}
