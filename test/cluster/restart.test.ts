import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { formed, formPair, membersOf, payloadsOf } from './formed-pair.ts';
import type { Pair } from './formed-pair.ts';
import type { Holdings } from './member-process.ts';
import type { Nodes } from './nodes.ts';

let cluster: Nodes | undefined;

afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

async function pair(): Promise<Pair> {
  const formedPair = await formPair();
  cluster = formedPair.cluster;
  return formedPair;
}

/** Sends a numbered message every few milliseconds until told to stop. */
function keepSending(send: (payload: string) => void): () => number {
  let sent = 0;
  const timer = setInterval(() => {
    send(`number ${sent}`);
    sent += 1;
  }, 10);
  return () => {
    clearInterval(timer);
    return sent;
  };
}

test('20 restarts of Corosync in a row under messages: none is lost to the survivor, none comes twice or in another order', async () => {
  const { node2, one, two } = await pair();
  const stop = keepSending((payload) => one.multicast(payload));
  for (let round = 0; round < 20; round += 1) {
    await node2.killCorosync();
    await two.next('down');
    await node2.startCorosync();
    expect(await two.next('up')).toEqual({ kind: 'up', self: 2 });
    // Every third time it is killed again before the ring is whole.
    if (round % 3 !== 0) await formed(two, [1, 2]);
  }
  await formed(two, [1, 2]);
  const sent = stop();
  one.multicast('the end');
  await two.next('message', ({ payload }) => payload === 'the end');
  await one.next('message', ({ payload }) => payload === 'the end');

  const heard = payloadsOf(one);
  expect(heard).toEqual([...Array.from({ length: sent }, (_, index) => `1:number ${index}`), '1:the end']);
  const position = new Map(heard.map((payload, index) => [payload, index]));
  const positions = payloadsOf(two).map((payload) => position.get(payload) ?? -1);
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(new Set(positions).size).toBe(positions.length);
  expect(positions).not.toContain(-1);
  expect(two.events.filter(({ kind }) => kind === 'up')).toHaveLength(21);
});

test('50 restarts of Corosync leave no descriptor, no shared memory and no memory behind', async () => {
  const { node2, two } = await pair();
  const restart = async (times: number): Promise<void> => {
    for (let round = 0; round < times; round += 1) {
      await node2.killCorosync();
      await two.next('down');
      await node2.startCorosync();
      await two.next('up');
    }
    await formed(two, [1, 2]);
  };
  /** When all that connects anew by itself, such as the health source every second, has done so. */
  const holdings = async (): Promise<Holdings> => {
    for (let last = await two.holdings(); ;) {
      await delay(3000);
      const now = await two.holdings();
      if (now.descriptors === last.descriptors && isDeepStrictEqual(now.mappings, last.mappings)) return now;
      last = now;
    }
  };
  // What is made once and kept, such as compiled code, is there after a few.
  await restart(5);
  const before = await holdings();
  await restart(50);
  const after = await holdings();
  process.stdout.write(`before ${JSON.stringify(before)}, after 50 restarts ${JSON.stringify(after)}\n`);
  expect(after.mappings).toEqual(before.mappings);
  expect(after.descriptors).toBe(before.descriptors);
  // One connection alone maps more than 6 MiB; 50 of them would be seen.
  expect(after.resident - before.resident).toBeLessThan(24 * 1024 * 1024);
});

test('a node that is stopped for longer than the token is out and in again at once, on both sides, and goes on', async () => {
  const { node2, one, two } = await pair();
  await node2.pauseCorosync();
  const lost = await one.next('view', ({ left }) => left.length > 0);
  expect(membersOf(lost)).toEqual([1]);
  one.multicast('while it was away');
  await one.next('message');
  await node2.resumeCorosync();

  const seen = await two.next('view', ({ left }) => left.some(({ node }) => node === 1));
  expect(seen.joined.some(({ node }) => node === 1) || membersOf(seen).length === 1).toBe(true);
  await Promise.all([formed(one, [1, 2]), formed(two, [1, 2])]);
  two.multicast('back');
  expect((await one.next('message')).payload).toBe('back');
  await two.next('message');
  expect(payloadsOf(two)).toEqual(['2:back']);
  expect(two.events.some(({ kind }) => kind === 'down')).toBe(false);
});
