import { expect, test } from 'vitest';
import { createEventQueue } from '../../../src/platform/corosync/event-queue.ts';
import { OK, TRY_AGAIN } from '../../../src/platform/corosync/errors.ts';
import { createOutbox } from '../../../src/platform/corosync/outbox.ts';

const frame = (text: string) => Buffer.from(text);

/** Corosync under flow control: takes `room` frames, then says 'try again' until `more` is called. */
function slowCorosync(room: number) {
  const sent: string[] = [];
  let left = room;
  return {
    sent,
    more: (count: number) => (left += count),
    send: (bytes: Uint8Array) => {
      if (left === 0) return TRY_AGAIN;
      left -= 1;
      sent.push(Buffer.from(bytes).toString());
      return OK;
    },
  };
}

test('frames keep their order through flow control, and later ones never overtake', async () => {
  const corosync = slowCorosync(2);
  const outbox = createOutbox({ send: corosync.send, failed: (reason) => expect.fail(reason), limit: 100 });
  outbox.push(['a', 'b', 'c', 'd'].map(frame));
  corosync.more(1);
  outbox.push([frame('e')]);
  await expect.poll(() => corosync.sent).toEqual(['a', 'b', 'c']);
  corosync.more(10);
  await expect.poll(() => corosync.sent).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('more waiting than the limit is a failure, and nothing of it is sent later', async () => {
  const corosync = slowCorosync(0);
  const failures: string[] = [];
  const outbox = createOutbox({ send: corosync.send, failed: (reason) => failures.push(reason), limit: 10 });
  outbox.push([frame('12345')]);
  outbox.push([frame('123456')]);
  expect(failures).toEqual(['more than 10 bytes wait to be sent']);
  corosync.more(10);
  outbox.push([frame('after')]);
  await expect.poll(() => corosync.sent).toEqual(['after']);
});

test('an error of Corosync is a failure', () => {
  const failures: string[] = [];
  const outbox = createOutbox({ send: () => 2, failed: (reason) => failures.push(reason), limit: 10 });
  outbox.push([frame('1')]);
  expect(failures).toEqual(['cpg_mcast_joined: library (2)']);
});

test('events are delivered later, one at a time and in order, also those that delivery makes', async () => {
  const seen: string[] = [];
  let depth = 0;
  const queue = createEventQueue<string>((event) => {
    depth += 1;
    expect(depth).toBe(1);
    if (event === 'a') queue.push('c');
    seen.push(event);
    depth -= 1;
  });
  queue.push('a');
  queue.push('b');
  expect(seen).toEqual([]);
  await expect.poll(() => seen).toEqual(['a', 'b', 'c']);
});

test('a closed queue delivers nothing any more', async () => {
  const seen: string[] = [];
  const queue = createEventQueue<string>((event) => {
    seen.push(event);
    queue.close();
  });
  queue.push('a');
  queue.push('b');
  await expect.poll(() => seen).toEqual(['a']);
  queue.push('c');
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(['a']);
});
