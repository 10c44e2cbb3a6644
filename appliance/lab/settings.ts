import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabError } from './error.ts';

/** Where a lab keeps what it keeps, and what it is called. */
export interface LabSettings {
  /** Name of the lab and of its network namespace. */
  readonly name: string;
  /** Images, shared by all labs of this user. */
  readonly imageFolder: string;
  /** Disks, keys, logs and scripts of this lab. Its path is in the command line of every process the lab starts. */
  readonly stateFolder: string;
  /** Sockets of this lab: short, because a socket's path may have no more than 107 characters. */
  readonly runFolder: string;
  /** Ports on the machine's loopback that lead to the REST API of san-a and san-b. */
  readonly apiPorts: { readonly 'san-a': number; readonly 'san-b': number };
}

/** Reads KEELSON_LAB_DIR, KEELSON_LAB_NAME and KEELSON_LAB_API_PORT from an environment. */
export function readSettings(environment: NodeJS.ProcessEnv): LabSettings {
  const folder = environment['KEELSON_LAB_DIR'] ?? join(homedir(), '.cache', 'keelson-lab');
  const name = environment['KEELSON_LAB_NAME'] ?? 'keelson-lab';
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
    throw new LabError(
      'bad-argument',
      `KEELSON_LAB_NAME is "${name}"`,
      'Use at most 32 lower-case letters, digits and hyphens, beginning with a letter.',
    );
  }
  const port = Number(environment['KEELSON_LAB_API_PORT'] ?? '18443');
  if (!Number.isInteger(port) || port < 1 || port > 65534) {
    throw new LabError('bad-argument', `KEELSON_LAB_API_PORT is no port`, 'Use a number from 1 to 65534.');
  }
  return {
    name,
    imageFolder: join(folder, 'images'),
    stateFolder: join(folder, 'labs', name),
    runFolder: join('/run', name),
    apiPorts: { 'san-a': port, 'san-b': port + 1 },
  };
}

/** Where the things of one machine are. */
export function machineFolder(settings: LabSettings, machine: string): string {
  return join(settings.stateFolder, 'machines', machine);
}

/** The disk that both storage nodes see, for SBD. */
export function sharedDiskPath(settings: LabSettings): string {
  return join(settings.stateFolder, 'shared.raw');
}

/** The control socket that all ssh connections to a machine share. */
export function sshControlPath(settings: LabSettings, machine: string): string {
  return join(settings.runFolder, `${machine}.ssh`);
}

/** The socket of QEMU's machine protocol. */
export function qmpPath(settings: LabSettings, machine: string): string {
  return join(settings.runFolder, `${machine}.qmp`);
}

/** The socket of the serial console. */
export function consolePath(settings: LabSettings, machine: string): string {
  return join(settings.runFolder, `${machine}.console`);
}
