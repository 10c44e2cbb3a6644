import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'node:net';
import { freePort } from './free-port.ts';

/** A node that lets in who has the key, and obeys the two words that end it: from then on nobody answers there. */
export interface Shell {
  readonly parameters: {
    readonly address: string;
    readonly port: number;
    readonly username: string;
    readonly identityFile: string;
    readonly knownHosts: string;
  };
  /** What it was told to do, word by word. */
  told(): Promise<string>;
  /** From now on it says yes, and goes on. */
  jam(): Promise<void>;
  /** It is there, from another boot. */
  boot(): Promise<void>;
  /** From now on another host answers at its address. */
  changeHostKey(): Promise<void>;
  /** From now on nobody answers, and the port is open all the same. */
  freeze(): void;
  stop(): Promise<void>;
}

const run = (program: string, ...args: readonly string[]): void => {
  const { status, stderr } = spawnSync(program, args);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}`);
};

/** In place of the node's own shell: the words that the agent may say, and what becomes of them here. */
const obey = (folder: string): string => `#!/bin/sh
cd '${folder}' || exit 1
case "$SSH_ORIGINAL_COMMAND" in
  'cat /proc/sys/kernel/random/boot_id') cat boot ;;
  'systemctl reboot --force --force' | 'systemctl poweroff --force --force')
    echo "$SSH_ORIGINAL_COMMAND" >> told
    [ -e jammed ] || kill "$(cat sshd.pid)" ;;
  *) exit 1 ;;
esac
`;

const settings = (folder: string, port: number): string => `ListenAddress 127.0.0.1
Port ${port}
HostKey ${folder}/host
PidFile ${folder}/sshd.pid
AuthorizedKeysFile ${folder}/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
ForceCommand ${folder}/obey
`;

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });

const newBoot = (): string => crypto.randomUUID();

/** Debian's sshd on the loopback, as this user. */
export async function startShell(): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), 'keelson-ssh-'));
  const port = await freePort();
  for (const key of ['host', 'key', 'other'])
    run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key));
  await writeFile(join(folder, 'authorized'), await readFile(join(folder, 'key.pub'), 'utf8'));
  const [type, blob] = (await readFile(join(folder, 'host.pub'), 'utf8')).split(' ');
  await writeFile(join(folder, 'known'), `[127.0.0.1]:${port} ${type ?? ''} ${blob ?? ''}\n`);
  await writeFile(join(folder, 'obey'), obey(folder), { mode: 0o755 });
  await writeFile(join(folder, 'sshd.conf'), settings(folder, port));
  let daemon: ChildProcess | undefined;

  /** Where root starts it, sshd wants a folder that its unit makes otherwise. */
  async function boot(): Promise<void> {
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    await writeFile(join(folder, 'boot'), `${newBoot()}\n`);
    const path = spawnSync('sh', ['-c', 'command -v sshd']).stdout.toString().trim();
    daemon = spawn(path, ['-D', '-e', '-f', join(folder, 'sshd.conf')], { stdio: 'ignore' });
    for (let tries = 0; !(await answers(port)); tries += 1) {
      if (tries === 500) throw new Error('sshd does not answer');
      await sleep(10);
    }
  }

  async function end(): Promise<void> {
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = new Promise((resolve) => daemon?.once('exit', resolve));
    daemon.kill('SIGCONT');
    daemon.kill('SIGTERM');
    await ended;
  }

  await boot();
  return {
    parameters: {
      address: '127.0.0.1',
      port,
      username: process.env['USER'] ?? 'root',
      identityFile: join(folder, 'key'),
      knownHosts: join(folder, 'known'),
    },
    told: () => readFile(join(folder, 'told'), 'utf8').catch(() => ''),
    jam: () => writeFile(join(folder, 'jammed'), ''),
    boot,
    async changeHostKey() {
      await end();
      for (const part of ['', '.pub'])
        await writeFile(join(folder, `host${part}`), await readFile(join(folder, `other${part}`)), {
          mode: 0o600,
        });
      await boot();
    },
    freeze: () => void daemon?.kill('SIGSTOP'),
    async stop() {
      await end();
      await rm(folder, { recursive: true });
    },
  };
}
