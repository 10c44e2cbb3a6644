import { access } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { NodeProcess, SpawnChoice } from './node-process.ts';
import type { ClusterNode } from './nodes.ts';

/** What the tests of the witness need beside Corosync. */
export async function requireWitnessPackages(): Promise<void> {
  for (const program of ['/usr/sbin/corosync-qdevice', '/usr/bin/corosync-qnetd'])
    await access(program).catch(() => {
      throw new Error(`${program} is missing: install Debian's packages corosync-qdevice and corosync-qnetd`);
    });
}

/** Its output is read away: a full pipe would stop it. */
export async function runOn(node: ClusterNode, script: string): Promise<NodeProcess> {
  const started = await node.spawn(['sh', '-c', script]);
  started.stdout.resume();
  started.stderr.resume();
  return started;
}

/** As systemd does: again until Corosync is there. */
export const startDevice = (node: ClusterNode): Promise<NodeProcess> =>
  runOn(node, 'mkdir -p /run/corosync-qdevice; until corosync-qdevice -f; do sleep 0.3; done');

/** Runs it to its end, and gives what it wrote. */
export async function outputOf(
  node: ClusterNode,
  argv: readonly string[],
  choice: SpawnChoice & { readonly input?: string } = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const asked = await node.spawn(argv, choice);
  asked.stdin.end(choice.input ?? '');
  const [stdout, stderr] = await Promise.all([text(asked.stdout), text(asked.stderr)]);
  return { stdout, stderr };
}

/** Waits until the node counts so many votes. */
export async function hasVotes(node: ClusterNode, votes: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const { stdout } = await outputOf(node, ['corosync-quorumtool', '-s']);
        return Number(/Total votes:\s+(\d+)/.exec(stdout)?.[1]);
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe(votes);
}
