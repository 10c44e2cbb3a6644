import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';

/** What is left of a pool after a blow that nothing mends by itself. */
export interface Blow {
  /** In plain words. */
  readonly what: string;
  /** Any of them may be the one that is put out; the other one has to serve. */
  readonly victims: readonly Machine[];
  /** In milliseconds, in which one node has to serve all alone. */
  readonly within: number;
  /** All is as it was, but that who is off has to be switched on. */
  readonly mend: () => void;
}

/**
 * One way in which a well pool is hit once, so that a node is lost for good. All that is left to chance comes from
 * `random`, which nothing else shares.
 */
export interface Ordeal {
  /** How often it comes, beside the others. */
  readonly weight: number;
  /** `server`: who serves now. */
  strike(world: World, server: Machine, random: Random): Blow;
}
