import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import { ANY_LIE, Violation } from '../violation.ts';
import { describe } from '../wellness.ts';
import type { World } from '../world.ts';

/**
 * One way in which a well pool is put to the test; ends with a violation, or with all mended that was broken. All that
 * is left to chance comes from `random`, which nothing else shares. `server`: who serves now.
 */
export interface Ordeal {
  /** How often it comes, beside the others. */
  readonly weight: number;
  befall(world: World, server: Machine, random: Random): void;
}

/** What was promised has not come about in time. */
export const failed = (world: World, what: string): Violation =>
  new Violation('liveness', `${what}: ${describe(world)}`, ANY_LIE);
