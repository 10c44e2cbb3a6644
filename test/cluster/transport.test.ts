import { afterEach, expect, test } from 'vitest';
import { milliseconds } from '../../src/model/index.ts';
import { formed, formPair, membersOf, payloadsOf } from './formed-pair.ts';
import type { Pair } from './formed-pair.ts';
import { startMember } from './member-process.ts';
import { startNodes } from './nodes.ts';
import type { ClusterNode, Nodes } from './nodes.ts';

let cluster: Nodes | undefined;

afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

/** As `formPair`; closed after the test. */
async function pair(): Promise<Pair> {
  const formedPair = await formPair();
  cluster = formedPair.cluster;
  return formedPair;
}

/** A big message that nothing on the way could compress, cut or mix up without being noticed. */
const bigText = (length: number): string =>
  Array.from({ length: Math.ceil(length / 8) }, (_, index) => index.toString(16).padStart(8, '-'))
    .join('')
    .slice(0, length);

test('two nodes form: up, a view, a ring, quorum, in this order', async () => {
  const { one, two } = await pair();
  for (const [member, id] of [
    [one, 1],
    [two, 2],
  ] as const) {
    expect(member.events[0]).toEqual({ kind: 'up', self: id });
    expect(member.events[1]).toMatchObject({ kind: 'view', left: [] });
    const kinds = member.events.map(({ kind }) => kind);
    expect(kinds.indexOf('ring')).toBeGreaterThan(kinds.indexOf('view'));
    expect(kinds.indexOf('quorum')).toBeGreaterThan(kinds.indexOf('ring'));
  }
});

test('messages of both nodes, a large one among them, arrive in the same order on both', async () => {
  const { one, two } = await pair();
  const large = bigText(300 * 1024);
  for (let index = 0; index < 100; index += 1) {
    one.multicast(`from one ${index}`);
    two.multicast(`from two ${index}`);
    if (index === 50) one.multicast(large);
  }
  await expect
    .poll(() => [payloadsOf(one).length, payloadsOf(two).length], { timeout: 15_000 })
    .toEqual([201, 201]);
  const seen = payloadsOf(one);
  expect(payloadsOf(two)).toEqual(seen);
  expect(seen.filter((payload) => payload === `1:${large}`)).toHaveLength(1);
  const ofOne = seen.filter((payload) => payload.startsWith('1:from'));
  expect(ofOne).toEqual(Array.from({ length: 100 }, (_, index) => `1:from one ${index}`));
});

test('an engine that dies is seen within a moment, one that leaves as leaving; the ring stays', async () => {
  const { node2, one, two } = await pair();
  const before = one.events.length;
  const killed = performance.now();
  await two.kill();
  const died = await one.next('view', ({ left }) => left.length > 0, 1_000);
  expect(performance.now() - killed).toBeLessThan(1_000);
  expect(died.left).toMatchObject([{ node: 2, reason: 'procdown' }]);
  expect(membersOf(died)).toEqual([1]);

  const again = await startMember(node2);
  expect(membersOf(await one.next('view', ({ joined }) => joined.length > 0))).toEqual([1, 2]);
  await again.leave();
  expect((await one.next('view')).left).toMatchObject([{ node: 2, reason: 'leave' }]);
  expect(one.events.slice(before).map(({ kind }) => kind)).toEqual(['view', 'view', 'view']);
});

test('a power cut gives the survivor a view, the new ring and quorum; the node comes back after a boot', async () => {
  const { node2, one } = await pair();
  await node2.powerOff();
  expect((await one.next('view')).left).toMatchObject([{ node: 2, reason: 'nodedown' }]);
  const ring = await one.next('ring');
  expect(ring.nodes).toEqual([1]);
  expect(await one.next('quorum')).toEqual({ kind: 'quorum', ring: ring.ring, quorate: true, nodes: [1] });

  one.multicast('alone');
  expect((await one.next('message')).payload).toBe('alone');

  await node2.boot();
  await node2.startCorosync();
  const two = await startMember(node2);
  await Promise.all([formed(one, [1, 2]), formed(two, [1, 2])]);
  one.multicast('together');
  expect(await two.next('message')).toMatchObject({ node: 1, payload: 'together' });
});

test('the death of Corosync is down, its restart is up with a view and quorum of its own', async () => {
  const { node2, one, two } = await pair();
  const killed = performance.now();
  await node2.killCorosync();
  await two.next('down', undefined, 2_000);
  expect(performance.now() - killed).toBeLessThan(2_000);
  two.multicast('into the void');
  await one.next('view', ({ left }) => left.some(({ reason }) => reason === 'nodedown'));

  await node2.startCorosync();
  expect(await two.next('up')).toEqual({ kind: 'up', self: 2 });
  await Promise.all([formed(one, [1, 2]), formed(two, [1, 2])]);
  two.multicast('back again');
  expect((await one.next('message')).payload).toBe('back again');
  expect(payloadsOf(one)).toEqual(['2:back again']);
  // It tried many times meanwhile, and said so once or twice.
  expect(two.logged.filter((line) => line.includes('not reachable')).length).toBeLessThanOrEqual(3);
});

test('both sides of a cut see the loss, and both see the merge', async () => {
  const { node1, one, two } = await pair();
  await node1.cut();
  for (const [member, self, other] of [
    [one, 1, 2],
    [two, 2, 1],
  ] as const) {
    const view = await member.next('view');
    expect(view.left).toMatchObject([{ node: other, reason: 'nodedown' }]);
    expect(membersOf(view)).toEqual([self]);
    const ring = await member.next('ring');
    expect(ring.nodes).toEqual([self]);
    // two_node: each side thinks that it may go on. Only fencing decides (S2).
    expect(await member.next('quorum')).toMatchObject({ ring: ring.ring, quorate: true });
  }
  one.multicast('only one');
  two.multicast('only two');
  await one.next('message');
  await two.next('message');

  await node1.heal();
  for (const [member, other] of [
    [one, 2],
    [two, 1],
  ] as const) {
    const view = await member.next('view', ({ joined }) => joined.some(({ node }) => node === other));
    expect(membersOf(view)).toEqual([1, 2]);
    const ring = await member.next('ring');
    expect(ring.nodes.toSorted()).toEqual([1, 2]);
    expect(await member.next('quorum')).toMatchObject({ ring: ring.ring, quorate: true });
  }
  expect(payloadsOf(one)).toEqual(['1:only one']);
  expect(payloadsOf(two)).toEqual(['2:only two']);
  const rings = [one, two].map((member) => member.events.findLast(({ kind }) => kind === 'ring'));
  expect(rings[0]).toEqual(rings[1]);
});

test('one of two links cut changes nothing, messages go on', async () => {
  // Longer than it takes to notice the cut (knet's ping timeout and what was lost by then), also on a busy machine.
  cluster = await startNodes(2, { links: 2, token: milliseconds(3000) });
  const [node1, node2] = cluster.nodes as [ClusterNode, ClusterNode];
  const [one, two] = await Promise.all([startMember(node1), startMember(node2)]);
  await Promise.all([formed(one, [1, 2]), formed(two, [1, 2])]);
  // Links come up one by one, and the ring forms with the first.
  for (const [node, peer] of [
    [node1, 2],
    [node2, 1],
  ] as const) {
    await expect.poll(() => node.corosyncLog(), { timeout: 15_000 }).toContain(`host: ${peer} link: 1 is up`);
  }
  const before = one.events.length;
  await node1.cut(0);
  one.multicast('by the other link');
  expect((await two.next('message')).payload).toBe('by the other link');
  two.multicast('and back');
  expect((await one.next('message', ({ node }) => node === 2)).payload).toBe('and back');
  expect(one.events.slice(before).map(({ kind }) => kind)).toEqual(['message', 'message']);
});
