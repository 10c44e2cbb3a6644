import { describe, expect, test } from 'vitest';
import { readGenerations, relationOf } from '../../../src/model/index.ts';

const [A, B, C, D] = ['A'.repeat(16), 'B'.repeat(16), 'C'.repeat(16), 'D'.repeat(16)];
const NONE = '0'.repeat(16);
const CREATED = '0000000000000004';
const of = (...parts: readonly string[]): string => [...parts, NONE, NONE, NONE].slice(0, 4).join(':');
const relation = (one: string, other: string) => relationOf(readGenerations(one), readGenerations(other));

describe('what two copies are to each other', () => {
  test.each([
    ['the same data', of(A), of(A), 'same'],
    ['the same data, one of them Primary', of(`${A.slice(0, -1)}B`), of(A), 'same'],
    ['one was written to while the other was away', of(A, B), of(B), 'ahead'],
    ['the other way round', of(B), of(A, B), 'behind'],
    ['one missed the end of a resync', of(B), of(A, NONE, B), 'behind'],
    ['one was away for two generations', of(C), of(A, B, D, C), 'behind'],
    ['both were written to since they parted', of(A, C), of(B, C), 'split'],
    ['both were written to, one of them Primary now', of(A, C), of(B, `${C.slice(0, -1)}D`), 'split'],
    ['they parted long ago, and both have gone on since', of(A, NONE, C), of(B, NONE, D, C), 'split'],
    // As Linux judges it by its rule 90: seen in the log of a pair that was forced Primary on both sides.
    [
      'both were made Primary by force before they ever met',
      '38BAC2CC396C0581:0000000000000004:0001000000000000:0000000000000000',
      '0D1A2B0F954F14E3:0000000000000005:0001000000000000:0000000000000000',
      'split',
    ],
    ['nothing in common', of(A, C), of(B, D), 'unrelated'],
    ['a past on one side only', of(A), of(B), 'unrelated'],
    ['one is new', of(CREATED), of(A, C), 'first-sync'],
    ['the other one is new', of(A, CREATED), of(CREATED), 'first-sync'],
    ['both are new', of(CREATED), of(CREATED), 'first-sync'],
    ['one was emptied', of(NONE), of(A), 'first-sync'],
    ['nothing told', '', of(A), 'unknown'],
    ['garbage', of(A, C), 'no device', 'unknown'],
  ] as const)('%s', (_, one, other, expected) => {
    expect(relation(one, other)).toBe(expected);
  });

  test('is the same from both sides', () => {
    expect(relation(of(A, C), of(B, C))).toBe(relation(of(B, C), of(A, C)));
    expect(relation(of(A, C), of(B, D))).toBe(relation(of(B, D), of(A, C)));
  });
});

describe('generations', () => {
  test('are read with and without the flags behind them, in either case', () => {
    const read = readGenerations(`${of(A, B, C, D)}:1:1:1:0:0:0:0\n`);
    expect(read).toEqual(readGenerations(of(A, B, C, D).toLowerCase()));
    expect(read?.history).toEqual([BigInt(`0x${C}`), BigInt(`0x${D}`) & ~1n]);
  });

  test.each(['', 'A:B:C:D', `${of(A)}:`, `${of(A)}:2`, `x${of(A)}`, of(A).slice(1), undefined, 7])(
    'that are none are not read: %s',
    (text) => {
      expect(readGenerations(text)).toBeUndefined();
    },
  );
});
