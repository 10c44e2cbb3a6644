import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { milliseconds, type WitnessHeuristics } from '../../src/model/index.ts';
import { formed } from './formed-pair.ts';
import { formedConfig } from './formed-config.ts';
import { startMember } from './member-process.ts';
import type { Member } from './member-process.ts';
import type { NodeProcess } from './node-process.ts';
import { startNodes } from './nodes.ts';
import type { ClusterNode, Nodes } from './nodes.ts';
import { hasVotes, requireWitnessPackages, runOn, startDevice } from './witness-peers.ts';

const ROOT = join(import.meta.dirname, '../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
/** Corosync is on network 0, the witness is reached over network 1. */
const WITNESS = '10.99.1.3';

beforeAll(requireWitnessPackages);

let cluster: Nodes | undefined;

afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

const startWitness = (node: ClusterNode): Promise<NodeProcess> =>
  runOn(node, 'mkdir -p /run/corosync-qnetd; exec corosync-qnetd -f -s off');

/** Two nodes and, as the third, the witness, whose vote both have. */
async function formWithWitness(heuristics?: WitnessHeuristics) {
  const configuration = formedConfig({
    count: 2,
    links: 1,
    token: milliseconds(1000),
    witness: { address: WITNESS, tls: 'off', ...(heuristics === undefined ? {} : { heuristics }) },
  });
  cluster = await startNodes(3, { links: 3, configuration });
  const [node1, node2, witness] = cluster.nodes as [ClusterNode, ClusterNode, ClusterNode];
  const qnetd = await startWitness(witness);
  await Promise.all([startDevice(node1), startDevice(node2)]);
  const [one, two] = await Promise.all([startMember(node1), startMember(node2)]);
  await Promise.all([formed(one, [1, 2]), formed(two, [1, 2])]);
  await Promise.all([hasVotes(node1, 3), hasVotes(node2, 3)]);
  return { node1, node2, witness, qnetd, one, two };
}

/** Whether it has quorum in its present ring, once that is known. */
async function quorate(member: Member): Promise<boolean> {
  return (await member.next('quorum', undefined, 40_000)).quorate;
}

test('a split is decided by the witness: one half has quorum, the other not, and both again when it is healed', async () => {
  const { node1, one, two } = await formWithWitness();
  await node1.cut(0);
  const halves = await Promise.all([quorate(one), quorate(two)]);
  expect(halves.toSorted()).toEqual([false, true]);
  await node1.heal(0);
  await Promise.all([formed(one, [1, 2]), formed(two, [1, 2])]);
});

test('the node that went on keeps the witness’s vote, also beside a node that boots behind a cut', async () => {
  const { node1, node2, two } = await formWithWitness();
  // The lower id would win an even split; but the other was there first.
  await node1.powerOff();
  expect(await quorate(two)).toBe(true);
  await node1.boot();
  await node1.cut(0);
  await node1.startCorosync();
  await startDevice(node1);
  const one = await startMember(node1);
  expect(await quorate(one)).toBe(false);
  await hasVotes(node1, 1);
  await hasVotes(node2, 2);
  expect(two.events.findLast(({ kind }) => kind === 'quorum')).toMatchObject({ quorate: true });
});

test('one node and the witness have quorum after a start; wait_for_all is not needed', async () => {
  const { node1, node2 } = await formWithWitness();
  await Promise.all([node1.powerOff(), node2.powerOff()]);
  await node2.boot();
  await node2.startCorosync();
  await startDevice(node2);
  await startMember(node2);
  await hasVotes(node2, 2);
});

test('a lost witness ends nothing, and is told; a split without it leaves nobody with quorum', async () => {
  const { node1, qnetd, witness, one, two } = await formWithWitness();
  const watch = await node1.spawn([NODE, join(ROOT, 'test/cluster/witness-member.ts'), '1']);
  const notices: { code?: string; message?: string }[] = [];
  createInterface({ input: watch.stdout }).on('line', (line) =>
    notices.push(JSON.parse(line) as { code?: string }),
  );
  await qnetd.kill('SIGKILL');
  await expect.poll(() => notices.length, { timeout: 60_000 }).toBe(1);
  expect(notices[0]).toMatchObject({ key: 'corosync-witness', code: 'witness_unreachable' });
  expect(notices[0]?.message).toContain(`the witness ${WITNESS} does not vote: it cannot be reached`);
  expect([one, two].map(lastQuorum)).toEqual([true, true]);

  const again = await startWitness(witness);
  await expect.poll(() => notices.length, { timeout: 60_000 }).toBe(2);
  expect(notices[1]).toEqual({ key: 'corosync-witness' });

  await again.kill('SIGKILL');
  await expect.poll(() => notices.length, { timeout: 60_000 }).toBe(3);
  await node1.cut(0);
  expect(await Promise.all([quorate(one), quorate(two)])).toEqual([false, false]);
});

const lastQuorum = (member: Member): boolean =>
  member.events.findLast((event) => event.kind === 'quorum')?.quorate ?? false;

test('heuristics decide who wins: the node that reaches the gateway', async () => {
  // The gateway is the witness’s own address on a third network, which only node 2 still reaches.
  const gateway = '10.99.2.3';
  const { node1, one, two } = await formWithWitness({
    mode: 'sync',
    timeout: milliseconds(3000),
    ping: [gateway],
    programs: [],
  });

  await node1.cut(2);
  const before = performance.now();
  await node1.cut(0);
  // Without heuristics it is node 1 that wins, having the lower id.
  expect(await quorate(two)).toBe(true);
  process.stdout.write(`decided after ${Math.round(performance.now() - before)} ms\n`);
  expect(await quorate(one)).toBe(false);
});
