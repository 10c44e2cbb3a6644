import { isWell } from './wellness.ts';
import { DATA_LUN, World } from './world.ts';

/** A world without faults in which a SAN was formed, and a host writes to its LUN. Throws where it does not come to that. */
export function serving(): World {
  const world = new World(1, false);
  for (const machine of world.machines) machine.restore();
  if (!world.runUntil(180_000, () => isWell(world))) throw new Error('no SAN was formed');
  world.operator.create(world.machines[0], DATA_LUN, 40);
  if (!world.runUntil(60_000, () => isWell(world) && world.host.acknowledged > 0))
    throw new Error('the host does not write');
  return world;
}
