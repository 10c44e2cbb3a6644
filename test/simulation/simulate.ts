import { Chaos, type Struck } from './chaos.ts';
import { takeBackWishes } from './faults/people.ts';
import { RECOVERY } from './ordeals/bounds.ts';
import { lastTrial } from './ordeals/last-trial.ts';
import { checkBounds } from './properties/bounds.ts';
import { scheduleOf } from './schedule.ts';
import { ANY_LIE, Violation } from './violation.ts';
import { describe, isWell } from './wellness.ts';
import { DATA_LUN, World } from './world.ts';

const SECOND = 1000;
const FORMATION = 3 * 60 * SECOND;
/** People look so often whether something is left of what was asked for in bad times. */
const WISHES_TAKEN_BACK = 60 * SECOND;

export interface Options {
  /** Print the story as it happens. */
  readonly trace?: boolean;
  /** Indices of strikes that are left out; all others strike at the same time in the same way. */
  readonly skip?: ReadonlySet<number>;
  /** Things go wrong for so many milliseconds only. */
  readonly until?: number;
  /** Called after every event. */
  readonly watch?: (world: World) => void;
}

export interface Outcome {
  readonly seed: number;
  /** How many of `strikes` were faults. */
  readonly faults: number;
  /** What struck, in order of time. */
  readonly strikes: readonly Struck[];
  /** Simulated milliseconds. */
  readonly duration: number;
  readonly events: number;
  readonly writes: number;
  readonly changes: number;
  /** Milliseconds from the last mended fault to all being well again. */
  readonly recovery: number;
  /** With a `cause` it is no fault of the engine: it was told what was not so. */
  readonly violation: Violation | undefined;
  /** How often devices and agents said what was not so. */
  readonly lies: number;
  readonly story: readonly string[];
}

/** One story from a seed: two new nodes form a SAN, everything goes wrong for a while, it must come to rest, and a node is lost for good. */
export function simulate(seed: number, options: Options = {}): Outcome {
  const schedule = scheduleOf(seed);
  const world = new World(seed, options.trace === true, schedule);
  const { watch, skip = new Set() } = options;
  if (watch !== undefined) world.afterEvent = () => watch(world);
  const start = world.time.now;
  let chaos: Chaos | undefined;
  let recovery = 0;
  let trials = 0;
  let violation: Violation | undefined;
  try {
    for (const machine of world.machines) machine.restore();
    expect(world, FORMATION, 'a new cluster to form', () => isWell(world));
    world.operator.create(world.machines[0], DATA_LUN, 40);
    expect(
      world,
      60 * SECOND,
      'the first LUN to be served',
      () => isWell(world) && world.host.acknowledged > 0,
    );
    chaos = new Chaos(world, seed, schedule, skip);
    world.run(Math.min(schedule.length, options.until ?? Infinity));
    chaos.stop();
    world.story.tell('FAULT', 'all faults have ended');
    const mended = world.time.now;
    switchOnWhatStaysOff(world);
    let lookedAt = mended;
    expect(world, RECOVERY, 'everything to be well again', () => {
      if (world.asking === 0 && world.time.now - lookedAt > WISHES_TAKEN_BACK) {
        lookedAt = world.time.now;
        takeBackWishes(world);
      }
      return isWell(world);
    });
    recovery = world.time.now - mended;
    const isAnsweredAll = (): boolean => world.asking === 0 && !world.operator.isBusy;
    expect(world, RECOVERY, 'what was asked for to be agreed', () => isAnsweredAll() && isWell(world));
    staysWell(world);
    trials += 1;
    lastTrial(world, seed);
    staysWell(world);
    world.host.checkAll();
    world.operator.checkKept();
    for (const machine of world.machines) checkBounds(machine);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error;
    violation.cause = world.lies.causeOf(error);
  }
  return {
    seed,
    faults: (chaos?.struck.filter(({ isFault }) => isFault).length ?? 0) + trials,
    strikes: chaos?.struck ?? [],
    duration: world.time.now - start,
    events: world.events,
    writes: world.host.acknowledged,
    changes: world.operator.acknowledged,
    recovery,
    violation,
    lies: world.lies.count,
    story: world.story.last(3000),
  };
}

/** A person comes: two nodes that fenced each other may both be off, with nobody left to switch them on. */
function switchOnWhatStaysOff(world: World): void {
  world.time.after(30 * SECOND, () => {
    for (const machine of world.isAttended ? world.machines : []) {
      if (machine.isPowered || machine.staysDark || world.time.now - machine.offAt < 60 * SECOND) continue;
      world.story.tell('operator', `switches on ${machine.name}`);
      machine.restore();
    }
    switchOnWhatStaysOff(world);
  });
}

function staysWell(world: World): void {
  world.run(15 * SECOND);
  if (!isWell(world)) throw new Violation('liveness', `it did not stay well: ${describe(world)}`, ANY_LIE);
}

function expect(world: World, within: number, what: string, isSo: () => boolean): void {
  if (!world.runUntil(within, isSo))
    throw new Violation('liveness', `waited ${within / SECOND} s for ${what}: ${describe(world)}`, ANY_LIE);
}
