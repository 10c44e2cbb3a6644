import type { Deed, Milestones } from './phases.ts';

export const stackNames = ['keelson', 'pacemaker'] as const;
export type StackName = (typeof stackNames)[number];

/** One failover that the host got over. Moments and times in milliseconds. */
export interface Measured {
  readonly kind: 'measured';
  /** When the cord was pulled, or the move ordered. */
  readonly began: number;
  readonly milestones: Milestones;
  /** The longest time between two completed writes of the host, until all was whole again. */
  readonly longestGap: number;
  readonly writes: number;
  readonly lost: number;
  readonly errors: number;
  readonly bothPrimary: number;
}

/** The host did not write again within the limit (milliseconds), and the stack was given up. */
export interface Over {
  readonly kind: 'over';
  readonly limit: number;
  readonly began: number;
  readonly milestones: Milestones;
}

export type Outcome =
  | Measured
  | Over
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'not-run'; readonly why: string };

/** What became of one deed with so many LUNs; several outcomes where it was repeated. */
export interface Result {
  readonly stack: StackName;
  readonly luns: number;
  readonly deed: Deed;
  readonly outcomes: readonly Outcome[];
}

/** From fencing confirmed to the host's first write; undefined where either was not seen, or there was no fencing. */
export function recoveryOf({
  milestones: { fenced, written },
}: Pick<Measured, 'milestones'>): number | undefined {
  return fenced === undefined || written === undefined ? undefined : written - fenced;
}

/** The outcome that stands for all: the middle one of what was measured, unless one went wrong. */
export function typicalOf({ outcomes }: Result): Outcome {
  const wrong = outcomes.find(({ kind }) => kind !== 'measured');
  if (wrong !== undefined) return wrong;
  const measured = outcomes.filter((outcome): outcome is Measured => outcome.kind === 'measured');
  const sorted = measured.toSorted((a, b) => weightOf(a) - weightOf(b));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? { kind: 'not-run', why: 'it was not asked for' };
}

const weightOf = (measured: Measured): number => recoveryOf(measured) ?? measured.longestGap;

export const findResult = (
  results: readonly Result[],
  stack: StackName,
  luns: number,
  deed: Deed,
): Result | undefined =>
  results.find((result) => result.stack === stack && result.luns === luns && result.deed === deed);

/** A stack is asked for no more LUNs after this. */
export const isEnd = ({ outcomes }: Result): boolean => outcomes.some(({ kind }) => kind !== 'measured');

/** What Keelson promises was not kept: data lost, an error at the host, two primaries. */
export const isBroken = (outcome: Outcome): boolean =>
  outcome.kind === 'measured' &&
  (outcome.writes === 0 || outcome.lost > 0 || outcome.errors > 0 || outcome.bothPrimary > 0);
