import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { argvAt, loopback, type Host } from './host.ts';

export interface Hypervisor {
  /** It has one machine, `test`, which runs; who asks here is not asked for a name. */
  readonly uri: string;
  /** The same machines for those only who know `username` and `password`. */
  readonly guardedUri: string;
  readonly username: string;
  readonly password: string;
  readonly uuid: string;
  virsh(...args: readonly string[]): string;
  /** Makes another machine, which runs. */
  define(name: string, uuid: string): void;
  /** From now on nobody answers, and the port is open all the same. */
  freeze(): void;
  stop(): Promise<void>;
}

export interface HypervisorChoice {
  readonly host?: Host;
  readonly password?: string;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** By TCP for everybody; by the socket for those with a password, because SASL would want TLS on TCP. */
const configuration = (folder: string, address: string, port: number): string => `listen_tls = 0
listen_tcp = 1
listen_addr = "${address}"
tcp_port = "${port}"
auth_tcp = "none"
auth_unix_rw = "sasl"
auth_unix_ro = "none"
unix_sock_dir = "${folder}"
`;

const guard = (folder: string): string => `mech_list: scram-sha-256
sasldb_path: ${folder}/users
pwcheck_method: auxprop
auxprop_plugin: sasldb
`;

const USER = 'keelson';

function addUser(folder: string, password: string): void {
  const args = ['-p', '-c', '-a', 'libvirt', '-f', join(folder, 'users'), USER];
  const added = spawnSync('saslpasswd2', args, { input: password });
  if (added.status !== 0) throw new Error(`saslpasswd2: ${added.stderr.toString()}`);
}

async function untilSaid(output: Readable, word: string): Promise<void> {
  let said = '';
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    if (said.includes(word)) break;
  }
  output.resume();
}

/** A real libvirtd with libvirt's own driver for tests, whose machines are in its memory. */
export async function startHypervisor(choice: HypervisorChoice = {}): Promise<Hypervisor> {
  const { host = loopback, password = 'let-me-in' } = choice;
  const folder = await mkdtemp(join(tmpdir(), 'keelson-libvirtd-'));
  const port = await freePort();
  const uri = `test+tcp://${host.address}:${port}/default`;
  const log = join(folder, 'log');
  await mkdir(join(folder, 'drivers'));
  await writeFile(join(folder, 'libvirtd.conf'), configuration(folder, host.address, port));
  await writeFile(join(folder, 'libvirt.conf'), guard(folder));
  addUser(folder, password);
  const shell = 'exec libvirtd --listen -f "$0/libvirtd.conf" -p "$0/pid" > "$0/log" 2>&1';
  const daemon = spawn(...argvAt(host, 'sh', ['-c', shell, folder]), {
    stdio: 'ignore',
    env: {
      ...process.env,
      LIBVIRT_DRIVER_DIR: join(folder, 'drivers'),
      XDG_RUNTIME_DIR: folder,
      SASL_CONF_PATH: folder,
    },
  });
  const daemonEnded = new Promise((resolve) => daemon.once('exit', resolve));
  const virsh = (...args: readonly string[]): string =>
    spawnSync(...argvAt(host, 'virsh', ['--quiet', '--connect', uri, ...args]))
      .stdout.toString()
      .trim();
  for (let tries = 0; virsh('domstate', 'test') !== 'running'; tries += 1) {
    if (tries === 100 || daemon.exitCode !== null)
      throw new Error(`libvirtd does not answer: ${await readFile(log, 'utf8')}`);
    await sleep(100);
  }
  // The machines are forgotten with the last connection.
  const holder = spawn(...argvAt(host, 'virsh', ['--connect', uri]), { stdio: ['pipe', 'pipe', 'ignore'] });
  holder.stdin.write('domstate test\n');
  await untilSaid(holder.stdout, 'running');
  const holderEnded = new Promise((resolve) => holder.once('exit', resolve));
  return {
    uri,
    guardedUri: `test+unix:///default?socket=${folder}/libvirt-sock`,
    username: USER,
    password,
    uuid: virsh('domuuid', 'test'),
    virsh,
    define(name, uuid) {
      const machine = `<domain type='test'><name>${name}</name><uuid>${uuid}</uuid><memory>8192</memory><os><type>hvm</type></os></domain>`;
      const file = join(folder, 'machine.xml');
      writeFileSync(file, machine);
      const made = spawnSync(...argvAt(host, 'virsh', ['--connect', uri, 'create', file]));
      if (made.status !== 0) throw new Error(`virsh create: ${made.stderr.toString()}`);
    },
    freeze: () => void daemon.kill('SIGSTOP'),
    async stop() {
      holder.kill('SIGKILL');
      daemon.kill('SIGKILL');
      await Promise.all([holderEnded, daemonEnded]);
      await rm(folder, { recursive: true });
    },
  };
}
