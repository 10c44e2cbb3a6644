import { expect, test, vi } from 'vitest';
import { milliseconds } from '../../../src/model/index.ts';
import { createClock, createLog, createRandom, digest } from '../../../src/platform/world.ts';

test('the log prefixes every line with its priority', () => {
  const written: string[] = [];
  const log = createLog({ write: (text) => written.push(text), writableLength: 0 });
  log.info('engine', 'up');
  log.error('engine', 'a bug\n  at line 1\n');
  expect(written.join('')).toBe('<6>engine: up\n<3>engine: a bug\n<3>engine:   at line 1\n');
});

test('the log drops and counts what nobody reads', () => {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text), writableLength: 2 ** 21 };
  const log = createLog(output);
  log.warn('engine', 'lost');
  output.writableLength = 0;
  log.warn('engine', 'seen');
  expect(written).toEqual(['<4>log: 1 lines were dropped\n', '<4>engine: seen\n']);
});

test('a delay longer than Node’s timers does not fire early', () => {
  vi.useFakeTimers();
  const fired = vi.fn();
  createClock().after(milliseconds(2 ** 31 + 1000), fired);
  vi.advanceTimersByTime(2 ** 31 + 999);
  expect(fired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(fired).toHaveBeenCalledOnce();
  createClock()
    .after(milliseconds(2 ** 31 + 1000), fired)
    .cancel();
  vi.advanceTimersByTime(2 ** 32);
  expect(fired).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

test('a digest is SHA-256 in hexadecimal, random hex is not repeated', () => {
  expect(digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(createRandom().hex(8)).toMatch(/^[0-9a-f]{16}$/);
  expect(createRandom().hex(8)).not.toBe(createRandom().hex(8));
});

test('the running clock does not follow the time of day', () => {
  const clock = createClock();
  const before = clock.monotonic();
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() - 365 * 24 * 3600 * 1000);
  const after = clock.monotonic();
  vi.useRealTimers();
  expect(Number.isInteger(before)).toBe(true);
  expect(after).toBeGreaterThanOrEqual(before);
  expect(after - before).toBeLessThan(1000);
});
