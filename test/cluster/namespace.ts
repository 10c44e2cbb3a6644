import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execa } from 'execa';

/** A machine's worth of namespaces. */
export interface Namespace {
  /** As the outside sees it; that of the namespace's first process, which ends with the namespace. */
  readonly pid: number;
  /** Ends every process in it at once, as a power cut does; resolves when all are gone. */
  kill(): Promise<void>;
}

/**
 * New network, mount, IPC, host name and pid namespaces, without any name outside. They end with `kill`, and with the
 * process that made them, however that ends: their first process reads from a pipe that closes then. `setUp` are
 * shell commands, run inside before this resolves.
 */
export async function createNamespace(setUp: string): Promise<Namespace> {
  // Before /proc is mounted anew, /proc/self/stat still has the pid that the outside uses.
  const script = `set -e
read -r pid rest </proc/self/stat
mount --make-rprivate /
mount -t proc proc /proc
ip link set lo up
${setUp}
echo "$pid"
exec cat`;
  const holder = spawn(
    'unshare',
    ['--net', '--mount', '--ipc', '--uts', '--pid', '--fork', '--kill-child', 'sh', '-c', script],
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  );
  const ended = endOf(holder);
  let errors = '';
  holder.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const first = await Promise.race([firstLine(holder.stdout), ended.then(() => undefined)]);
  const pid = Number(first);
  if (first === undefined || !Number.isInteger(pid)) {
    holder.kill('SIGKILL');
    throw new Error(`no namespace could be made (root is needed): ${errors.trim()}`);
  }
  const identity = namespaceOf(pid);
  return {
    pid,
    async kill() {
      // The holder waits for the namespace's first process: while it lives, the pid is not given to another.
      if (holder.exitCode === null && holder.signalCode === null && namespaceOf(pid) === identity) {
        process.kill(pid, 'SIGKILL');
      }
      await ended;
    },
  };
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

export const endOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });

/** Undefined where the stream ends before; does not wait for its end. */
export const firstLine = (stream: Readable): Promise<string | undefined> =>
  new Promise((resolve) => {
    const lines = createInterface({ input: stream });
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(undefined));
  });

const ALL = ['--mount', '--net', '--ipc', '--uts', '--pid'];

/** Starts a program in the namespace's namespaces; of processes only what it starts itself is in that one. */
export const spawnInside = (
  namespace: Namespace,
  argv: readonly string[],
  options: SpawnOptions,
): ChildProcess =>
  spawn('nsenter', ['--target', String(namespace.pid), '--no-fork', ...ALL, '--', ...argv], options);

/** Runs a program in only the network namespace, or in all; throws where it fails. */
export async function runInside(
  namespace: Namespace,
  which: 'network' | 'all',
  argv: readonly string[],
): Promise<string> {
  const spaces = which === 'all' ? ALL : ['--net'];
  const { stdout } = await execa('nsenter', ['--target', String(namespace.pid), ...spaces, '--', ...argv]);
  return stdout;
}
