import type { Machine } from '../machine.ts';
import type { Moment } from '../moments.ts';
import { Random } from '../random.ts';
import type { World } from '../world.ts';
import { deeds, type DeedName } from './deeds.ts';
import type { Damage, Later } from './fault.ts';

/** Seen from the machine of the link before, which is any for the first. */
export type Where = 'here' | 'there' | 'anywhere';

/** `powerCut`: of the machine itself; `powerCut there`: of its peer. */
export type BlowName = DeedName | `${DeedName} there`;

export interface Blow {
  readonly name: BlowName;
  /** Milliseconds after the moment. */
  readonly after: number;
  readonly seed: number;
}

/** What is waited for, and what is done when it comes. */
export interface Link {
  readonly moment: Moment;
  readonly where: Where;
  /** So often it passes before it counts. */
  readonly passes: number;
  /** Milliseconds after which it is not waited for any longer. */
  readonly patience: number;
  /** Then it is done all the same, and what comes after it is waited for. */
  readonly anyway: boolean;
  readonly blows: readonly Blow[];
}

/** One moment after the other, and what is done before the first of them. */
export interface Chain {
  readonly first: readonly Blow[];
  readonly links: readonly Link[];
}

/** At most so many milliseconds between a moment and what was waiting for it. */
const AFTER = [0, 1, 1, 15, 400, 3000];
/** A message is on its way for less than a millisecond. */
const ON_ITS_WAY: ReadonlySet<Moment> = new Set<Moment>([
  'a state is told',
  'an order is sent',
  'a result is told',
  'a change is proposed',
  'a ring is told',
]);
const AFTER_MESSAGE = [0, 0, 0.4, 1, 15, 1000];
/** What comes many times in a row; any of them may be the one. */
const IN_ROWS: ReadonlySet<Moment> = new Set<Moment>([
  'a state is told',
  'a state is heard',
  'an order is sent',
  'an order is heard',
  'an operation begins',
  'a result is told',
  'a look begins',
  'a write begins',
  'a write ends',
]);
const PASSES = [0, 0, 1, 2, 3, 5, 8];
/** A node that was switched off needs half a minute until its engine is back. */
const PATIENCE = { least: 2000, most: 80_000 };
const ANYWAY = 0.2;

export const blow = (random: Random, name: BlowName, moment?: Moment): Blow => ({
  name,
  after:
    random.fraction() * random.pick(moment !== undefined && ON_ITS_WAY.has(moment) ? AFTER_MESSAGE : AFTER),
  seed: random.between(0, 0xffff_ffff),
});

export const link = (random: Random, moment: Moment, where: Where, blows: readonly BlowName[]): Link => ({
  moment,
  where,
  passes: IN_ROWS.has(moment) ? random.pick(PASSES) : 0,
  patience: random.between(PATIENCE.least, PATIENCE.most),
  anyway: random.chance(ANYWAY),
  blows: blows.map((name) => blow(random, name, moment)),
});

/**
 * Begins it. All of it was drawn before, so that what is done does not hang on what came, and strikes can be left out
 * without changing it.
 */
export function begin(world: World, machine: Machine, chain: Chain, later: Later): readonly Damage[] {
  const { first, links } = chain;
  for (const each of first) strike(world, machine, each, later);
  proceed(world, machine, links, later);
  const names = [...first.map(({ name }) => name), ...links.map(({ moment }) => `until ${moment}`)];
  return [{ name: `from ${machine.name}: ${names.join(', ')}`, isDeed: true }];
}

function proceed(world: World, last: Machine, [link, ...rest]: readonly Link[], later: Later): void {
  if (link === undefined) return;
  const awaited = { here: last, there: world.peer(last), anywhere: undefined }[link.where];
  let { passes } = link;
  const come = (machine: Machine): void => {
    end();
    timeout.cancel();
    for (const each of link.blows) strike(world, machine, each, later);
    proceed(world, machine, rest, later);
  };
  const end = world.moments.listen((moment, machine) => {
    if (moment !== link.moment || (awaited !== undefined && machine !== awaited)) return;
    if (passes > 0) passes -= 1;
    else come(machine);
  });
  const timeout = world.time.after(link.patience, () => {
    end();
    if (link.anyway) come(awaited ?? last);
  });
}

/** Never within the moment itself: an engine does one thing after the other. */
function strike(world: World, machine: Machine, { name, after, seed }: Blow, later: Later): void {
  const [deed, isThere] = name.split(' ') as [DeedName, 'there'?];
  const target = isThere === undefined ? machine : world.peer(machine);
  world.time.after(after, () => later(() => deeds[deed](world, target, new Random(seed))));
}
