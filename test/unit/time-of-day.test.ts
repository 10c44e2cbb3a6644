import { describe, expect, test } from 'vitest';
import { inUtc, milliseconds } from '../../src/model/index.ts';

const byTheClock = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

describe('a time of day for people', () => {
  test.each([
    '1970-01-01T00:00:00Z',
    '1999-12-31T23:59:59Z',
    '2000-02-29T12:00:00Z',
    '2000-03-01T00:00:00Z',
    '2024-02-29T23:59:59Z',
    '2026-11-23T06:10:59.999Z',
    '2100-02-28T23:59:59Z',
    '2100-03-01T00:00:00Z',
    '2400-02-29T00:00:00Z',
  ])('is that of the calendar: %s', (text) => {
    expect(inUtc(milliseconds(Date.parse(text)))).toBe(byTheClock(Date.parse(text)));
  });

  test('is that of the calendar on every day of two hundred years', () => {
    const wrong = Array.from({ length: 73_049 }, (_, day) => day * 86_400_000 + day * 1000).filter(
      (at) => inUtc(milliseconds(at)) !== byTheClock(at),
    );
    expect(wrong).toEqual([]);
  });
});
