import { expect, test } from 'vitest';
import { Random } from '../random.ts';
import { scheduleOf } from '../schedule.ts';
import { serving } from '../serving.ts';
import { simulate } from '../simulate.ts';
import { begin, link, type Link } from './chain.ts';

const atOnce = (drawn: Link): Link => ({
  ...drawn,
  passes: 0,
  anyway: false,
  blows: drawn.blows.map((each) => ({ ...each, after: 0 })),
});

test('what waits for a moment strikes within it, where it came', () => {
  const world = serving();
  const [alpha, beta] = world.machines;
  const { revision } = alpha.store.config;
  const random = new Random(1);
  const links = [
    atOnce(link(random, 'a write begins', 'here', ['powerCut'])),
    atOnce(link(random, 'a fencing is ordered', 'there', ['engineKill'])),
  ];
  begin(world, alpha, { first: [], links }, (strike) => void strike());
  world.run(5000);
  expect(alpha.isPowered).toBe(true);
  world.operator.create(beta, 'more', 1);
  world.run(1000);
  // The power went before the disk had it, or just as it had.
  expect(alpha.isPowered).toBe(false);
  expect(alpha.store.config.revision - revision).toBeLessThanOrEqual(1);
  expect(world.runUntil(30_000, () => beta.engine === undefined)).toBe(true);
});

test('what waits in vain does nothing, or is forgotten when all is to be mended', () => {
  const world = serving();
  const [alpha] = world.machines;
  const drawn = atOnce(link(new Random(2), 'a write begins', 'anywhere', ['powerCut', 'powerCut there']));
  const strikes: string[] = [];
  const later = (): void => void strikes.push('struck');
  begin(world, alpha, { first: [], links: [{ ...drawn, patience: 100 }] }, later);
  world.run(1000);
  begin(world, alpha, { first: [], links: [drawn] }, later);
  world.moments.forget();
  world.operator.create(alpha, 'more', 1);
  world.run(1000);
  expect(strikes).toEqual([]);
});

test('strikes at moments strike the same way again when others are left out', () => {
  const seed = 42;
  const isLeft = (index: number): boolean => index % 3 !== 0;
  const skip = new Set(scheduleOf(seed).strikes.flatMap(({ index }) => (isLeft(index) ? [] : [index])));
  const [once, twice] = [simulate(seed, { skip }), simulate(seed, { skip })];
  expect(twice.story).toEqual(once.story);
  expect(once.strikes.length).toBeGreaterThan(0);
  expect(once.strikes.filter(({ index }) => skip.has(index))).toEqual([]);
  const begun = (strikes: typeof once.strikes): readonly string[] =>
    strikes.flatMap(({ index, name }) =>
      isLeft(index) && name.includes(': ') && name.startsWith('from ') ? [name] : [],
    );
  // What they wait for, and where, hangs on nothing else.
  expect(begun(once.strikes)).toEqual(begun(simulate(seed).strikes));
  expect(begun(once.strikes)).not.toEqual([]);
});
