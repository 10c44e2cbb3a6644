import { Random } from '../random.ts';
import { DATA_LUN, type World } from '../world.ts';
import { ordeals, ordealsOfWitness } from './index.ts';

/** Of the seed's generators the one that no strike has. */
const STREAM = -1;

/** In the end everything is well, and that is put to the test once more. */
export function lastTrial(world: World, seed: number): void {
  const random = new Random(seed, STREAM);
  const server = world.machines.find(({ kernel }) => kernel.serves(DATA_LUN));
  if (server === undefined) throw new Error('it is well, and nobody serves');
  const possible = world.corosync.witness === undefined ? ordeals : [...ordeals, ...ordealsOfWitness];
  random.pick(possible).befall(world, server, random);
}
