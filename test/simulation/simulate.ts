import { Faults } from './faults.ts';
import { checkBounds } from './properties.ts';
import { Violation } from './violation.ts';
import { DATA_LUN, World } from './world.ts';

const SECOND = 1000;
/** Failures that reach the migration threshold are forgotten after ten minutes: until then a node may stay barred. */
const RECOVERY = 15 * 60 * SECOND;
const FORMATION = 3 * 60 * SECOND;

export interface Outcome {
  readonly seed: number;
  readonly faults: number;
  /** Simulated milliseconds. */
  readonly duration: number;
  readonly events: number;
  readonly writes: number;
  readonly changes: number;
  /** Milliseconds from the last mended fault to all being well again. */
  readonly recovery: number;
  readonly violation: Violation | undefined;
  readonly story: readonly string[];
}

/** One story from a seed: two new nodes form a SAN, everything goes wrong for a while, and it must come to rest. */
export function simulate(seed: number, trace = false): Outcome {
  const world = new World(seed, trace);
  const start = world.time.now;
  let faults: Faults | undefined;
  let mended = start;
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
    faults = new Faults(world);
    world.run(world.random.between(60, 400) * SECOND);
    faults.stop();
    world.story.tell('FAULT', 'all faults have ended');
    mended = world.time.now;
    switchOnWhatStaysOff(world);
    expect(world, RECOVERY, 'everything to be well again', () => isWell(world));
    world.run(15 * SECOND);
    if (!isWell(world)) throw new Violation('liveness', `it did not stay well: ${describe(world)}`);
    world.host.checkAll();
    world.operator.checkKept();
    for (const machine of world.machines) checkBounds(machine);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error;
  }
  return {
    seed,
    faults: faults?.count ?? 0,
    duration: world.time.now - start,
    events: world.events,
    writes: world.host.acknowledged,
    changes: world.operator.acknowledged,
    recovery: world.time.now - mended,
    violation,
    story: world.story.last(3000),
  };
}

/** A person comes: two nodes that fenced each other may both be off, with nobody left to switch them on. */
function switchOnWhatStaysOff(world: World): void {
  world.time.after(30 * SECOND, () => {
    for (const machine of world.machines) {
      if (machine.isPowered || world.time.now - machine.offAt < 60 * SECOND) continue;
      world.story.tell('operator', `switches on ${machine.name}`);
      machine.restore();
    }
    switchOnWhatStaysOff(world);
  });
}

function expect(world: World, within: number, what: string, isSo: () => boolean): void {
  if (!world.runUntil(within, isSo))
    throw new Violation('liveness', `waited ${within / SECOND} s for ${what}: ${describe(world)}`);
}

/** Both nodes are there, the data is on both, every LUN is served, and both engines say so. */
export function isWell(world: World): boolean {
  return whatIsWrong(world) === undefined;
}

function whatIsWrong(world: World): string | undefined {
  if ([...world.boards.values()].some(({ calls }) => calls > 0)) return 'a board may still switch something';
  if (world.host.acknowledged > 0 && world.time.now - world.host.lastAcknowledged > 3 * SECOND)
    return 'the host waits for its write';
  for (const machine of world.machines) {
    const { name, kernel, engine } = machine;
    if (!machine.isPowered || engine === undefined) return `${name} is not up`;
    const drbd = kernel.replica.kernel;
    if (drbd?.disk !== 'UpToDate' || drbd.connection !== 'Connected') return `DRBD of ${name} is not whole`;
    const { config, view, inFlight } = engine.state;
    if (!view.complete || view.members.length < 2) return `the view of ${name} is not whole`;
    if (Object.keys(inFlight).length > 0) return `${name}: ${Object.keys(inFlight).join(', ')} in flight`;
    const pool = Object.values(config.current.pools)[0];
    if (pool?.state !== 'ready') return 'the pool is not ready';
    if (pool.solo !== undefined) return `the pool belongs to ${pool.solo} alone`;
    for (const lun of Object.values(config.current.luns)) {
      if (lun.state !== 'ready') return `LUN ${lun.name} is ${lun.state}`;
      if (world.machines.filter((each) => each.kernel.serves(lun.name)).length !== 1)
        return `LUN ${lun.name} is not served`;
    }
    const running = Object.values(config.current.operations).find(({ state }) => state === 'running');
    if (running !== undefined) return `operation ${running.id} is still running`;
    const status = world.operator.status(machine);
    if (status?.serving !== true) return `${name} does not say that it serves`;
    if (!status.survivesFailure) return `${name} does not say that a failure would be survived`;
  }
  return undefined;
}

export function describe(world: World): string {
  const problems = world.machines.flatMap((machine) => {
    const status = world.operator.status(machine);
    if (status === undefined) return [`${machine.name}: no engine`];
    return [
      ...status.problems.map(({ message }) => `${machine.name}: ${message}`),
      ...status.blocked.map(({ subject, reason }) => `${machine.name}: blocked ${subject}: ${reason}`),
    ];
  });
  return [whatIsWrong(world) ?? 'nothing', ...problems].join('; ');
}
