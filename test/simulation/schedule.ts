import { faults, faultsOfWitness, plotNames } from './faults/index.ts';
import { Random } from './random.ts';

const SECOND = 1000;
/** Mean pause between strikes, in milliseconds: from one thing after the other to all at once. */
const PACES = [1500, 6000, 20_000, 45_000];
/** What belongs to one story is disturbed by nothing else in so many of the seeds, and has the time to take its course. */
const UNDISTURBED = 0.5;
const LONG_PACE = 25_000;
/** Troubles seldom come alone. */
const COMPANY = 0.15;
/** So many clusters have a witness. */
const WITNESS = 1 / 3;
/** And in so many the feeds of the nodes can be switched too. */
const FEEDS = 1 / 4;

/** One thing that goes wrong, and when. */
export interface Strike {
  readonly index: number;
  /** Milliseconds after the first moment at which anything may go wrong. */
  readonly at: number;
  readonly kind: string;
}

export interface Schedule {
  /** The cluster has a witness. */
  readonly hasWitness: boolean;
  readonly hasFeeds: boolean;
  /** How long things go wrong, in milliseconds. */
  readonly length: number;
  readonly strikes: readonly Strike[];
}

/** What goes wrong is drawn from the seed alone, before the story begins, so that strikes may be left out of it. */
export function scheduleOf(seed: number): Schedule {
  const random = new Random(seed, 1);
  const hasWitness = random.chance(WITNESS);
  const hasFeeds = random.chance(FEEDS);
  const isUndisturbed = random.chance(UNDISTURBED);
  const mayBe = (kind: string): boolean =>
    (hasWitness || !(kind in faultsOfWitness)) && (!isUndisturbed || plotNames.includes(kind));
  const kinds = Object.entries(faults).flatMap(([kind, { weight }]) =>
    mayBe(kind) ? Array<string>(weight).fill(kind) : [],
  );
  const pace = isUndisturbed ? LONG_PACE : random.pick(PACES);
  const length = random.between(60, 400) * SECOND;
  const strikes: Strike[] = [];
  const add = (at: number): void => {
    strikes.push({ index: strikes.length, at, kind: random.pick(kinds) });
  };
  for (let at = random.between(50, pace * 2); at < length; at += random.between(50, pace * 2)) {
    add(at);
    if (random.chance(COMPANY)) add(at);
  }
  return { hasWitness, hasFeeds, length, strikes };
}

/** The parameters of a strike: the same whatever else strikes. */
export const randomOf = (seed: number, strike: Strike): Random => new Random(seed, strike.index + 2);
