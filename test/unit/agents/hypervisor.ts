import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether libvirt's own daemon and virsh are installed. */
export const canSimulateHypervisors = ['libvirtd', 'virsh'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

export interface Hypervisor {
  /** It has one machine, `test`, which runs. */
  readonly uri: string;
  readonly uuid: string;
  virsh(...args: readonly string[]): string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const configuration = (folder: string, port: number): string => `listen_tls = 0
listen_tcp = 1
listen_addr = "127.0.0.1"
tcp_port = "${port}"
auth_tcp = "none"
auth_unix_rw = "none"
auth_unix_ro = "none"
unix_sock_dir = "${folder}"
`;

/** A real libvirtd on loopback with libvirt's own driver for tests, whose machines are in its memory. */
export async function startHypervisor(): Promise<Hypervisor> {
  const folder = await mkdtemp(join(tmpdir(), 'keelson-libvirtd-'));
  const port = await freePort();
  const uri = `test+tcp://127.0.0.1:${port}/default`;
  const log = join(folder, 'log');
  await mkdir(join(folder, 'drivers'));
  await writeFile(join(folder, 'libvirtd.conf'), configuration(folder, port));
  const shell = 'exec libvirtd --listen -f "$0/libvirtd.conf" -p "$0/pid" > "$0/log" 2>&1';
  const daemon = spawn('sh', ['-c', shell, folder], {
    stdio: 'ignore',
    env: { ...process.env, LIBVIRT_DRIVER_DIR: join(folder, 'drivers'), XDG_RUNTIME_DIR: folder },
  });
  const daemonEnded = new Promise((resolve) => daemon.once('exit', resolve));
  const virsh = (...args: readonly string[]): string =>
    spawnSync('virsh', ['--quiet', '--connect', uri, ...args])
      .stdout.toString()
      .trim();
  for (let tries = 0; virsh('domstate', 'test') !== 'running'; tries += 1) {
    if (tries === 100 || daemon.exitCode !== null)
      throw new Error(`libvirtd does not answer: ${await readFile(log, 'utf8')}`);
    await sleep(100);
  }
  // The machines are forgotten with the last connection.
  const holder = spawn('virsh', ['--connect', uri], { stdio: ['pipe', 'ignore', 'ignore'] });
  holder.stdin.write('domstate test\n');
  const holderEnded = new Promise((resolve) => holder.once('exit', resolve));
  return {
    uri,
    uuid: virsh('domuuid', 'test'),
    virsh,
    async stop() {
      holder.kill('SIGKILL');
      daemon.kill('SIGKILL');
      await Promise.all([holderEnded, daemonEnded]);
      await rm(folder, { recursive: true });
    },
  };
}
