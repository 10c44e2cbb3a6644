import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demandCommand, runCommand } from './command.ts';
import type { CommandOptions, CommandOutcome } from './command.ts';
import { insideNamespace } from './namespace.ts';
import { sshControlPath } from './settings.ts';
import type { LabSettings } from './settings.ts';
import { machineAddress } from './topology.ts';
import type { MachineName } from './topology.ts';

function keyPath(settings: LabSettings): string {
  return join(settings.stateFolder, 'ssh-key');
}

/** Makes the lab's key once; returns the public half, base64. */
export async function ensureSshKey(settings: LabSettings): Promise<string> {
  if (!existsSync(keyPath(settings))) {
    await demandCommand('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-C',
      'lab',
      '-f',
      keyPath(settings),
    ]);
  }
  const [, key] = (await readFile(`${keyPath(settings)}.pub`, 'utf8')).split(' ');
  if (key === undefined) throw new Error('The public key of the lab has no second word.');
  return key;
}

/**
 * The command line of an ssh connection from inside the namespace. All of them share one connection, so that only the
 * first pays for the handshake.
 */
export function sshCommand(
  settings: LabSettings,
  name: MachineName,
  options: readonly string[],
  command: readonly string[],
): readonly string[] {
  const settingsOfSsh = [
    `ControlPath=${sshControlPath(settings, name)}`,
    'ControlMaster=auto',
    'ControlPersist=900',
    'BatchMode=yes',
    'ConnectTimeout=5',
    'ServerAliveInterval=5',
    'ServerAliveCountMax=4',
    // A network of its own that nobody else can reach; the machines make new host keys with every new disk.
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    'KexAlgorithms=curve25519-sha256',
    'GSSAPIAuthentication=no',
    'PreferredAuthentications=publickey',
  ];
  return insideNamespace(settings, [
    'ssh',
    ...['-F', 'none', '-i', keyPath(settings), '-l', 'root'],
    ...settingsOfSsh.flatMap((setting) => ['-o', setting]),
    ...options,
    machineAddress(name, 'management'),
    ...command,
  ]);
}

/** A word as the shell at the other end reads it. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Runs a shell script (text) or one program (words) on a machine. Exit code 255 is ssh's own: not connected. */
export async function runOverSsh(
  settings: LabSettings,
  name: MachineName,
  command: string | readonly string[],
  options: CommandOptions,
): Promise<CommandOutcome> {
  const text = typeof command === 'string' ? command : command.map(shellQuote).join(' ');
  const [program, ...parameters] = sshCommand(settings, name, ['-T'], [text]);
  if (program === undefined) throw new Error('The ssh command line is empty.');
  return runCommand(program, parameters, options);
}

/** Ends the shared connection to a machine. */
export async function closeSsh(settings: LabSettings, name: MachineName): Promise<void> {
  if (!existsSync(sshControlPath(settings, name))) return;
  await runCommand(
    'ssh',
    ['-F', 'none', '-o', `ControlPath=${sshControlPath(settings, name)}`, '-O', 'exit', name],
    {
      timeout: 5000,
    },
  );
}
