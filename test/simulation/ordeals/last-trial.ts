import type { Machine } from '../machine.ts';
import { Random } from '../random.ts';
import { ANY_LIE, Violation } from '../violation.ts';
import { describe, isWell } from '../wellness.ts';
import { DATA_LUN, type World } from '../world.ts';
import { ordeals } from './index.ts';
import type { Blow } from './ordeal.ts';

const SECOND = 1000;
/** Of the seed's generators the one that no strike has. */
const STREAM = -1;
/** A host that was answered so long ago, in milliseconds, is waiting. */
const SILENCE = 3000;
/** It has to go on serving alone for so long, before the other one may come back. */
const ALONE = 15 * SECOND;

/**
 * In the end everything is well, and that is put to the test once more: a node is lost that nothing brings back but a
 * person. The other one has to serve within what the engine's own limits come to; then the lost one comes back, which
 * must not disturb the one that serves.
 */
export function lastTrial(world: World, seed: number, recovery: number): void {
  const random = new Random(seed, STREAM);
  const server = world.machines.find(({ kernel }) => kernel.serves(DATA_LUN));
  if (server === undefined) throw new Error('it is well, and nobody serves');
  const since = world.time.now;
  const blow = random.pick(ordeals).strike(world, server, random);
  world.story.tell('FAULT', `last of all, ${blow.what}`);
  const serving = awaitSurvivor(world, blow, since);
  giveBack(world, blow);
  const end = world.time.now + recovery;
  while (!isWell(world)) {
    if (world.time.now > end)
      throw failed(world, `waited ${recovery / SECOND} s for the lost one to be well again`);
    world.run(100);
    if (!serving.kernel.serves(DATA_LUN))
      throw failed(world, `${serving.name} does not go on serving while the other one comes back`);
  }
}

/** Whoever serves steadily without the other one, which has been off. */
function awaitSurvivor(world: World, { victims, within }: Blow, since: number): Machine {
  const survivor = (): Machine | undefined =>
    victims
      .map((victim) => ({ victim, other: world.peer(victim) }))
      .find(({ victim, other }) => victim.offAt >= since && isServing(world, other))?.other;
  const end = world.time.now + within + ALONE;
  let steadySince = Infinity;
  for (;;) {
    const found = survivor();
    steadySince = found === undefined ? Infinity : Math.min(steadySince, world.time.now);
    if (found !== undefined && world.time.now - steadySince >= ALONE) return found;
    if (world.time.now >= end) throw failed(world, `nobody serves alone within ${within / SECOND} s`);
    world.run(500);
  }
}

function giveBack(world: World, blow: Blow): void {
  world.story.tell('FAULT', 'what was lost comes back');
  blow.mend();
  for (const machine of world.machines) {
    machine.staysDark = false;
    machine.restore();
  }
}

const isServing = (world: World, { isPowered, kernel }: Machine): boolean =>
  isPowered &&
  kernel.serves(DATA_LUN) &&
  !kernel.isFrozen &&
  world.time.now - world.host.lastAcknowledged < SILENCE;

const failed = (world: World, what: string): Violation =>
  new Violation('liveness', `${what}: ${describe(world)}`, ANY_LIE);
