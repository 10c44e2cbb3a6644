import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { milliseconds } from '../../../src/model/index.ts';
import { measure } from '../../../src/platform/formation/measure.ts';
import { chooseToken } from '../../../src/platform/formation/token-choice.ts';

const measured = (roundTrip: number | undefined, stall: number) => ({
  roundTrip: roundTrip === undefined ? undefined : milliseconds(roundTrip),
  stall: milliseconds(stall),
});

describe('the token', () => {
  test.each([
    [1, 0.4, 12, 1000, 'the least;'],
    [2, 0.4, 12, 1500, 'the least with several links;'],
    [1, 60, 12, 2400, '40 times the longest round trip;'],
    [2, 60, 12, 2400, '40 times the longest round trip;'],
    [1, 0.4, 310, 1300, '4 times the longest wait;'],
    [1, undefined, 310, 1300, '4 times the longest wait; no other node answered'],
    [1, undefined, 0, 1000, 'the least; no other node answered'],
    [1, 500, 0, 10_000, 'the most, 40 times the longest round trip would be 20000 ms;'],
  ])(
    'of %i links with round trips of %s ms and waits of %i ms is %i ms',
    (links, trip, stall, token, why) => {
      const choice = chooseToken(links, measured(trip, stall));
      expect(choice.token).toBe(token);
      expect(choice.reason).toContain(why);
    },
  );

  test('tells what was measured', () => {
    expect(chooseToken(1, measured(0.44, 11.96)).reason).toBe(
      'the least; the longest round trip on the cluster network was 0.4 ms, the longest that a program had to wait on this node was 12 ms',
    );
  });
});

describe('measuring', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  test('an answer counts whether anything listens or not', async () => {
    const { roundTrip } = await measure({ from: '127.0.0.1', to: ['127.0.0.2'], duration: 200 });
    expect(roundTrip).toBeGreaterThan(0);
    expect(roundTrip).toBeLessThan(1000);
    server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server?.listen(8443, '127.0.0.3', resolve));
    const listened = await measure({ from: '127.0.0.1', to: ['127.0.0.3'], duration: 200 });
    expect(listened.roundTrip).toBeGreaterThan(0);
  });

  test('a network that is not there is no round trip, and no failure', async () => {
    // An address that this machine does not have: nothing leaves it.
    const { roundTrip } = await measure({ from: '192.0.2.1', to: ['127.0.0.2'], duration: 100 });
    expect(roundTrip).toBeUndefined();
  });

  test('a program that is held up is seen', async () => {
    const measuring = measure({ from: '127.0.0.1', to: [], duration: 400 });
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150), 100);
    expect((await measuring).stall).toBeGreaterThan(120);
  });
});
