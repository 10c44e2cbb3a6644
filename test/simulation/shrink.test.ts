import { describe, expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { shrink } from './shrink.ts';
import { ranges } from './smallest.ts';
import { tale } from './tale.ts';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const needs =
  (...needed: readonly number[]) =>
  (kept: readonly number[]): boolean =>
    needed.every((number) => kept.includes(number));

describe('a failing story is made smaller', () => {
  test.each([
    ['one strike', 40, [17]],
    ['two far apart', 60, [3, 58]],
    ['five', 80, [0, 1, 40, 41, 79]],
    ['all of them', 6, [0, 1, 2, 3, 4, 5]],
    ['none: it fails without any', 30, []],
  ])('to %s', (_, count, needed) => {
    expect(shrink(numbers(count), needs(...needed))).toMatchObject({ kept: needed, isSmallest: true });
  });

  test('until nothing of it can be left out alone, also where strikes stand for each other', () => {
    // Either of two pairs does it, and one strike spoils the second pair.
    const fails = (kept: readonly number[]): boolean =>
      needs(2, 30)(kept) || (needs(7, 21)(kept) && !kept.includes(12));
    const kept = shrink(numbers(50), fails)?.kept ?? [];
    expect(fails(kept)).toBe(true);
    for (const left of kept) expect(fails(kept.filter((number) => number !== left))).toBe(false);
  });

  test('and is not told where it does not fail again', () => {
    expect(shrink(numbers(10), () => false)).toBeUndefined();
  });

  test('within a number of tries, and says when that was not enough', () => {
    const shrunk = shrink(numbers(200), needs(...numbers(100).map((number) => number * 2)), 30);
    expect(shrunk?.isSmallest).toBe(false);
    expect(shrunk?.tries).toBeLessThanOrEqual(30);
    expect(needs(...numbers(100).map((number) => number * 2))(shrunk?.kept ?? [])).toBe(true);
  });

  test('what is left out is written short, and read again', () => {
    expect(ranges([0, 1, 2, 3, 5, 8, 9])).toBe('0-3,5,8-9');
    const wish = readArguments(['--seed', '7', '--skip', '0-3,5,8-9', '--until', '1200', '--trace']);
    expect(wish).toMatchObject({ kind: 'one', seed: 7, until: 1200, how: 'trace' });
    expect(wish.kind === 'one' ? [...wish.skip] : []).toEqual([0, 1, 2, 3, 5, 8, 9]);
  });
});

describe('bad arguments are refused in words', () => {
  test.each([
    [['--seed', '1e9'], '--seed is a whole number'],
    [['--seeds', '0'], '--seeds is a whole number from 1 up'],
    [['--seed', '1', '--skip', '5-2'], '--skip is a list of numbers'],
    [['--skip', '5'], 'want one seed'],
    [['--seed', '1', '--trace', '--watch'], '--trace or --watch'],
    [['--seed', '1', '--watch', '--speed', '-2'], '--speed'],
    [['--sedes', '5'], '--sedes'],
  ])('%j', (args, message) => {
    expect(() => readArguments(args)).toThrow(message);
  });
});

describe('a story in plain words', () => {
  const line = (at: number, who: string, text: string) => ({ at, who, text });

  test('begins with what went wrong first, and leaves out messages', () => {
    const told = tale([
      line(0, 'alpha', '=== power on'),
      line(1000, 'FAULT', '4 power of beta cut'),
      line(1001, 'beta', '=== power off'),
      line(1500, 'alpha', '<- view: 1; left: 2 nodedown'),
      line(1501, 'alpha', '-> EVENT beta is lost'),
      line(1502, 'gamma', '-> EVENT beta is lost'),
      line(1600, 'alpha', '-> perform start-alpha-12: lio-lun start data'),
      line(1700, 'alpha', '-> perform monitor-alpha-13: lio-lun monitor data'),
    ]);
    expect(told.map((text) => text.replace(/^ +/, '').replace(/ +/g, ' '))).toEqual([
      '1.000 s *** power of beta cut',
      '1.001 s beta power off',
      '1.501 s alpha beta is lost',
      '1.600 s alpha begins lio-lun start data',
    ]);
  });

  test('of many lines the middle is left out', () => {
    const told = tale([
      line(0, 'FAULT', '0 first'),
      ...numbers(300).map((number) => line(number, 'host', `says ${number}`)),
    ]);
    expect(told.length).toBeLessThan(100);
    expect(told.join()).toMatch(/first.*lines left out.*says 299/);
  });
});
