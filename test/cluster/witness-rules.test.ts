import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { milliseconds, type Failure, type WitnessIntent, type WitnessTask } from '../../src/model/index.ts';
import { formedConfig } from './formed-config.ts';
import { formed } from './formed-pair.ts';
import { startMember, type Member } from './member-process.ts';
import { startNodes, type ClusterNode, type Nodes } from './nodes.ts';
import { SYSTEMCTL } from './systemctl.ts';
import { hasVotes, outputOf, requireWitnessPackages, runOn } from './witness-peers.ts';

const ROOT = join(import.meta.dirname, '../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
/** Corosync is on network 0, the witness is reached over network 1. */
const witness: WitnessIntent = { address: '10.99.1.3', tls: 'off' };

let cluster: Nodes | undefined;

beforeAll(requireWitnessPackages);

afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

/** Two nodes with the rules for two nodes, and a third machine beside them. */
async function running() {
  cluster = await startNodes(3, {
    links: 2,
    setUp: {
      configuration: formedConfig({ count: 2, links: 1, token: milliseconds(1000) }),
      startCorosync: false,
      boot: 'mkdir -p /run/keelson-test; mount --bind "$folder/systemctl" /usr/bin/systemctl',
      install: ({ folder }) => writeFile(join(folder, 'systemctl'), SYSTEMCTL, { mode: 0o755 }),
    },
  });
  const [one, two, third] = cluster.nodes as [ClusterNode, ClusterNode, ClusterNode];
  await Promise.all([one, two].map((node) => node.startCorosync()));
  const members = await Promise.all([startMember(one), startMember(two)]);
  await Promise.all(members.map((member) => formed(member, [1, 2])));
  return { one, two, third, members };
}

interface Done {
  readonly ok: boolean;
  readonly failure?: Failure;
}

async function perform(node: ClusterNode, task: WitnessTask): Promise<Done> {
  const { stdout, stderr } = await outputOf(node, [NODE, join(ROOT, 'test/cluster/witness-task.ts')], {
    input: JSON.stringify(task),
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Done;
}

const write = (wanted: WitnessIntent | undefined): WitnessTask => ({
  kind: 'write',
  nodes: 2,
  witness: wanted,
});

/** Both at one time, as the engine has it: the first one has Corosync read its configuration anew. */
const applyOn = (
  nodes: readonly ClusterNode[],
  wanted: WitnessIntent | undefined,
): Promise<readonly Done[]> =>
  Promise.all(
    nodes.map((node, index) =>
      perform(node, { kind: 'apply', nodes: 2, id: node.id, witness: wanted, reload: index === 0 }),
    ),
  );

async function flagsOn(node: ClusterNode): Promise<string> {
  const { stdout } = await outputOf(node, ['corosync-quorumtool', '-s']);
  return /^Flags:\s+(.*?)\s*$/m.exec(stdout)?.[1] ?? '';
}

/** What has ended stays as a zombie: a node's first process collects nobody. */
const deviceRuns = async (node: ClusterNode): Promise<boolean> => {
  const { stdout } = await outputOf(node, ['sh', '-c', 'cat /proc/[0-9]*/stat']);
  return /\(corosync-qdevic\w*\) [^Z]/.test(stdout);
};

const quorate = async (member: Member): Promise<boolean> =>
  (await member.next('quorum', undefined, 300_000)).quorate;

const lastQuorum = (member: Member): boolean =>
  member.events.findLast((event) => event.kind === 'quorum')?.quorate ?? false;

test('a witness comes to a Corosync that runs, decides a split, and goes; quorum is never lost by it', async () => {
  const { one, two, third, members } = await running();
  await runOn(third, 'mkdir -p /run/corosync-qnetd; exec corosync-qnetd -f -s off');
  expect(await flagsOn(one)).toContain('2Node');
  const before = members.map(({ events }) => events.length);

  const prepared: WitnessTask = { kind: 'prepare', clusterName: 'keelson-test', witness, secrets: undefined };
  await expect.poll(() => perform(one, prepared), { timeout: 300_000 }).toEqual({ ok: true });
  expect(await perform(two, { ...prepared, witness: { ...witness, address: '10.99.1.77' } })).toMatchObject({
    failure: { code: 'witness_unreachable' },
  });
  for (const node of [one, two]) expect(await perform(node, write(witness))).toEqual({ ok: true });
  // What runs goes on by the rules of before until it is told.
  expect(await flagsOn(two)).toContain('2Node');
  expect(await applyOn([one, two], witness)).toEqual([{ ok: true }, { ok: true }]);
  await Promise.all([hasVotes(one, 3), hasVotes(two, 3)]);
  for (const node of [one, two]) expect(await flagsOn(node)).not.toContain('2Node');
  const since = members.flatMap(({ events }, index) => events.slice(before[index]));
  expect(since.filter((event) => event.kind === 'quorum' && !event.quorate)).toEqual([]);

  await one.cut(0);
  expect((await Promise.all(members.map(quorate))).toSorted()).toEqual([false, true]);
  await one.heal(0);
  await Promise.all(members.map((member) => formed(member, [1, 2])));
  // Done already, it is not done again.
  expect(await applyOn([one, two], witness)).toEqual([{ ok: true }, { ok: true }]);

  for (const node of [one, two]) expect(await perform(node, write(undefined))).toEqual({ ok: true });
  expect(await applyOn([one, two], undefined)).toEqual([{ ok: true }, { ok: true }]);
  for (const node of [one, two]) {
    expect(await flagsOn(node)).toContain('2Node');
    expect(await deviceRuns(node)).toBe(false);
  }
  expect(members.map(lastQuorum)).toEqual([true, true]);
  // The rules for two nodes: each half has quorum, and it is the fencing that decides.
  await one.cut(0);
  expect(await Promise.all(members.map(quorate))).toEqual([true, true]);
}, 900_000);

test('until the witness gives its vote both nodes are needed; then the one that is left has quorum', async () => {
  const { one, two, third, members } = await running();
  for (const node of [one, two]) await perform(node, write(witness));
  // Nobody is there who could vote.
  const [first, second] = await applyOn([one, two], witness);
  for (const done of [first, second])
    expect(done).toMatchObject({ failure: { code: 'witness_unreachable' } });
  expect(members.map(lastQuorum)).toEqual([true, true]);
  await two.powerOff();
  const [left] = members;
  expect(await quorate(left)).toBe(false);
  // The device is there, and asks on: without quorum it gets the vote.
  await runOn(third, 'mkdir -p /run/corosync-qnetd; exec corosync-qnetd -f -s off');
  expect(await quorate(left)).toBe(true);
  expect(await applyOn([one], witness)).toEqual([{ ok: true }]);
}, 900_000);
