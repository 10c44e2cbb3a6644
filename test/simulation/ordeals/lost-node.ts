import type { ResourceFailures } from '../../../src/model/index.ts';
import type { EngineProcess } from '../engine-process.ts';
import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import { isWell } from '../wellness.ts';
import { DATA_LUN, type World } from '../world.ts';
import { RECOVERY, WITNESS_DECIDES } from './bounds.ts';
import { failed, type Ordeal } from './ordeal.ts';

const SECOND = 1000;
/** A host that was answered so long ago, in milliseconds, is waiting. */
const SILENCE = 3000;
/** It has to go on serving alone for so long, before the other one may come back. */
const ALONE = 15 * SECOND;

/** What is left of a pool after a blow that nothing mends by itself. */
export interface Blow {
  /** In plain words. */
  readonly what: string;
  /** Any of them may be the one that is put out; the other one has to serve. */
  readonly victims: readonly Machine[];
  /** In milliseconds, in which one node has to serve all alone; a witness takes its time beside that. */
  readonly within: number;
  /** All is as it was, but that who is off has to be switched on. */
  readonly mend: () => void;
}

/**
 * A node is lost that nothing brings back but a person. The other one has to serve within what the engine's own limits
 * come to, with no second attempt at anything; then the lost one comes back, and must not disturb the one that serves.
 */
export const lostNode = (
  weight: number,
  strike: (world: World, server: Machine, random: Random) => Blow,
): Ordeal => ({
  weight,
  befall(world, server, random) {
    const since = world.time.now;
    // Whoever is off stays off, even where its board could not say so for a minute.
    world.isAttended = false;
    const blow = strike(world, server, random);
    world.story.tell('FAULT', `last of all, ${blow.what}`);
    const serving = awaitSurvivor(world, blow, since);
    checkAttempts(world, serving, since);
    giveBack(world, blow.mend);
    awaitWell(world, serving);
  },
});

/**
 * A boot may take less time than the witness with a node that died without a word: who has its power back by the board
 * is then there again before the other one knows that it may go on, and nobody has to serve alone.
 */
export const mayBeBackFirst = (world: World): boolean => world.corosync.witness !== undefined;

/** Whoever serves steadily without the other one, which has been off. */
function awaitSurvivor(world: World, blow: Blow, since: number): Machine {
  const { victims } = blow;
  const within = blow.within + (world.corosync.witness === undefined ? 0 : WITNESS_DECIDES);
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

/** Nothing stands in its way but the other node: what it begins in the right order succeeds. */
function checkAttempts(world: World, { name, engine, uptime }: Machine, since: number): void {
  const begin = uptime - (world.time.now - since);
  for (const [resource, { failures }] of Object.entries(engine?.state.status.nodes[name]?.instances ?? {}))
    if (
      failures !== undefined &&
      failures.lastAt >= begin &&
      !waitedForFencing(failures) &&
      !isTakenAway(engine, resource)
    )
      throw failed(
        world,
        `${failures.operation} of ${resource} failed on ${name}, where nothing is out of order (${failures.failure.message})`,
      );
}

/** A promotion under way when the other node died ends with its fencing, for which its deadline may be too short. */
const waitedForFencing = ({ operation, failure }: ResourceFailures): boolean =>
  operation === 'promote' && failure.code === 'agent_timeout';

/** A stop of what is to be deleted waits as well, for the I/O under way that is frozen until then. */
const isTakenAway = (engine: EngineProcess | undefined, resource: string): boolean => {
  const lun = resource.startsWith('lun-') ? resource.slice('lun-'.length) : undefined;
  return lun !== undefined && engine?.state.config.current.luns[lun]?.state !== 'ready';
};

/** Somebody mends what was broken, and switches on who is off. */
export function giveBack(world: World, mend: () => void): void {
  world.story.tell('FAULT', 'what was lost comes back');
  world.isAttended = true;
  mend();
  for (const machine of world.machines) {
    machine.staysDark = false;
    machine.restore();
  }
}

/** `serving`: who must go on serving all the time. */
export function awaitWell(world: World, serving?: Machine): void {
  const end = world.time.now + RECOVERY;
  while (!isWell(world)) {
    if (world.time.now > end)
      throw failed(world, `waited ${RECOVERY / SECOND} s for the lost one to be well again`);
    world.run(100);
    if (serving?.kernel.serves(DATA_LUN) === false)
      throw failed(world, `${serving.name} does not go on serving while the other one comes back`);
  }
}

const isServing = (world: World, { isPowered, kernel }: Machine): boolean =>
  isPowered &&
  kernel.serves(DATA_LUN) &&
  !kernel.isFrozen &&
  world.time.now - world.host.lastAcknowledged < SILENCE;
