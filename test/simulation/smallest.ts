import { scheduleOf } from './schedule.ts';
import { shrink } from './shrink.ts';
import { simulate, type Outcome } from './simulate.ts';
import type { Line } from './story.ts';
import { tale, verdictOf } from './tale.ts';
import type { World } from './world.ts';

/** Milliseconds for which things go on going wrong after the last strike that matters; the shortest that fails is taken. */
const AFTERWARDS = [1, 5000, 20_000, 60_000];

export interface Replay {
  readonly skip: readonly number[];
  readonly until: number | undefined;
}

/** The smallest story found that breaks the same property. */
export interface Smallest {
  readonly outcome: Outcome;
  readonly lines: readonly Line[];
  readonly replay: Replay;
  readonly strikes: { readonly all: number; readonly kept: number };
  readonly tries: number;
  readonly isSmallest: boolean;
}

/** Leaves out strikes of a failing seed until each of those that are left is needed; undefined: the seed does not fail. */
export function smallest(seed: number): Smallest | undefined {
  const first = simulate(seed).violation;
  if (first === undefined || first.cause !== undefined) return undefined;
  const schedule = scheduleOf(seed);
  const all = schedule.strikes.map(({ index }) => index);
  const without = (kept: readonly number[]): readonly number[] => {
    const needed = new Set(kept);
    return all.filter((index) => !needed.has(index));
  };
  // Another property would be another story.
  const isSame = (replay: Replay): boolean => {
    const violation = violationOf(seed, replay);
    return violation?.property === first.property && violation.cause === undefined;
  };
  const shrunk = shrink(all, (kept) => isSame({ skip: without(kept), until: undefined }));
  if (shrunk === undefined) throw new Error(`seed ${seed} gives another story the second time`);
  const skip = without(shrunk.kept);
  const lastAt = schedule.strikes.findLast(({ index }) => shrunk.kept.includes(index))?.at ?? 0;
  const until = AFTERWARDS.map((after) => lastAt + after).find(
    (end) => end < schedule.length && isSame({ skip, until: end }),
  );
  const replay = { skip, until };
  return {
    ...played(seed, replay),
    replay,
    strikes: { all: all.length, kept: shrunk.kept.length },
    tries: shrunk.tries,
    isSmallest: shrunk.isSmallest,
  };
}

const optionsOf = ({ skip, until }: Replay) => ({
  skip: new Set(skip),
  ...(until === undefined ? {} : { until }),
});

const violationOf = (seed: number, replay: Replay): Outcome['violation'] =>
  simulate(seed, optionsOf(replay)).violation;

function played(seed: number, replay: Replay): { outcome: Outcome; lines: readonly Line[] } {
  let world: World | undefined;
  const outcome = simulate(seed, { ...optionsOf(replay), watch: (watched) => (world = watched) });
  return { outcome, lines: world?.story.lines ?? [] };
}

/** All of it on paper: how it was found, the tale, what broke, how to see it again. `bug`: planted in the engine. */
export function told(
  seed: number,
  { outcome, lines, replay, strikes, tries, isSmallest }: Smallest,
  bug?: string,
): string {
  const { violation } = outcome;
  const needed = isSmallest ? 'each of which is needed' : 'some of which may not be needed';
  return [
    `seed ${seed}, ${strikes.kept} of ${strikes.all} strikes, ${needed} (${tries} tries):`,
    '',
    ...tale(lines),
    '',
    ...(violation === undefined ? [] : verdictOf(violation.property, violation.message)),
    '',
    `again, with every message: ${commandFor(seed, replay, bug)}`,
  ].join('\n');
}

const commandFor = (seed: number, { skip, until }: Replay, bug: string | undefined): string =>
  [
    `npm run sim -- --seed ${seed}`,
    ...(bug === undefined ? [] : [`--bug ${bug}`]),
    ...(skip.length === 0 ? [] : [`--skip ${ranges(skip)}`]),
    ...(until === undefined ? [] : [`--until ${until}`]),
    '--trace',
  ].join(' ');

/** `0-3,5`: ascending numbers, short. */
export function ranges(numbers: readonly number[]): string {
  const parts: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last?.to === number - 1) last.to = number;
    else parts.push({ from: number, to: number });
  }
  return parts.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}
