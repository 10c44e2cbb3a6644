import type { Readable, Writable } from 'node:stream';
import { endOf, firstLine, runInside, spawnInside } from './namespace.ts';
import type { Namespace } from './namespace.ts';

export interface NodeProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it has ended, by itself or with its node. */
  readonly ended: Promise<void>;
  /** Does nothing where it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface SpawnChoice {
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Says its pid inside the namespace on a descriptor of its own before it becomes the program, because what we hold is
 * its parent, and a signal to that would not reach it. The parent is a shell and not nsenter, which stops with a child
 * that is stopped: then nobody would collect the child when its node loses power, and the namespace would not end.
 */
const BECOME = 'echo $$ >&3; exec 3>&-; exec "$@"';
// A shell gives what runs in the background an empty input, and before it looks at redirections: so by another number.
const LOOK_AFTER = `exec 4<&0; sh -c '${BECOME}' sh "$@" <&4 4<&- & exec 3>&- 4<&-; wait`;

/** Starts a program on a node. */
export async function startProcess(
  namespace: Namespace,
  argv: readonly string[],
  choice: SpawnChoice = {},
): Promise<NodeProcess> {
  const child = spawnInside(namespace, ['sh', '-c', LOOK_AFTER, 'sh', ...argv], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...choice.environment },
  });
  const [stdin, stdout, stderr, pidPipe] = child.stdio;
  if (!stdin || !stdout || !stderr || !pidPipe) throw new Error('no pipes to the process');
  // Its node may lose power at any moment; that is no error of ours.
  stdin.on('error', () => undefined);
  const ended = endOf(child);
  const pid = await firstLine(pidPipe as Readable);
  if (pid === undefined) throw new Error(`${argv.join(' ')} could not be started on the node`);
  return {
    stdin,
    stdout,
    stderr,
    ended,
    async kill(signal) {
      // While its parent lives, it has not collected the program, and the pid is not given to another.
      if (child.exitCode !== null || child.signalCode !== null) return;
      try {
        await runInside(namespace, 'all', ['kill', '-s', signal.replace('SIG', ''), '--', pid]);
      } catch {
        // It ended in between.
      }
    },
  };
}
