import type { StackName } from '../failover/results.ts';

/** Times in milliseconds. */
export interface Creates {
  /** From asking for a LUN until it is exported, of each that was asked for by itself. */
  readonly each: readonly number[];
  /** From the first request until all were exported. */
  readonly total: number;
  readonly luns: number;
}

/** Makes LUNs with one of the stacks; LUNs by their numbers, of which none is there yet. */
export interface Provisioner {
  readonly stack: StackName;
  /** What a person or a script does that needs one LUN, again and again. */
  oneByOne(luns: readonly number[]): Promise<Creates>;
  /** As fast as this stack can make so many. */
  together(luns: readonly number[]): Promise<Creates>;
}

export interface Provisioned {
  readonly stack: StackName;
  readonly oneByOne: Creates;
  readonly together: Creates;
}

/** The value that so great a share (0 to 1) of all does not exceed: nearest rank. Of nothing NaN. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const perSecond = ({ luns, total }: Creates): number => (luns * 1000) / total;

/** One after the other, each timed from outside. */
export async function timed(
  luns: readonly number[],
  create: (lun: number) => Promise<number>,
): Promise<Creates> {
  const begun = performance.now();
  const each: number[] = [];
  for (const lun of luns) each.push(await create(lun));
  return { each, total: performance.now() - begun, luns: luns.length };
}
