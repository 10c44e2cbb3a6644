import { expect, test } from 'vitest';
import type { Machine } from '../machine.ts';
import { Random } from '../random.ts';
import { serving } from '../serving.ts';
import type { World } from '../world.ts';

/** Beta is asked for a LUN over a slow network; alpha has it on its disk, and beta has not heard so yet. */
function onBothDisksAndUnheard(): {
  readonly world: World;
  readonly alpha: Machine;
  readonly answered: () => boolean;
} {
  const world = serving();
  const [alpha, beta] = world.machines;
  world.corosync.network.slow = true;
  world.operator.create(beta, 'more', 1);
  const { acknowledged } = world.operator;
  const answered = (): boolean => world.operator.acknowledged > acknowledged;
  while (alpha.store.config.luns['more'] === undefined) world.run(1);
  expect(answered()).toBe(false);
  return { world, alpha, answered };
}

test('S7: what is acknowledged and is not on the disk of a node that is online is found', () => {
  const { world, alpha, answered } = onBothDisksAndUnheard();
  alpha.store.rot(new Random(1));
  expect(() => world.runUntil(60_000, answered)).toThrow(
    'S7: more was acknowledged, and is not on the disk of alpha',
  );
});

test('S7: an engine that has not joined since its disk rotted is not to be blamed, and is given all of it', () => {
  const { world, alpha, answered } = onBothDisksAndUnheard();
  alpha.killEngine(1);
  alpha.store.rot(new Random(1));
  expect(alpha.store.config.luns['more']).toBeUndefined();
  expect(world.runUntil(60_000, answered)).toBe(true);
  expect(world.runUntil(60_000, () => alpha.store.config.luns['more'] !== undefined)).toBe(true);
});
