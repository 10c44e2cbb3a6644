/** Tries at most, so that a seed with hundreds of strikes does not take for ever. */
const TRIES = 400;

export interface Shrunk {
  /** Indices that are needed, in their order. */
  readonly kept: readonly number[];
  readonly tries: number;
  /** False: the tries ran out, and some of these may not be needed. */
  readonly isSmallest: boolean;
}

/**
 * The smallest set that still fails, by delta debugging: leaves out ever smaller pieces, and keeps what cannot be left
 * out. In the end none of what is left can be left out alone. `fails` is asked about the whole first: where that does
 * not fail, nothing was found.
 */
export function shrink(
  all: readonly number[],
  fails: (kept: readonly number[]) => boolean,
  tries = TRIES,
): Shrunk | undefined {
  let tried = 0;
  const test = (kept: readonly number[]): boolean => {
    tried += 1;
    return fails(kept);
  };
  if (!test(all)) return undefined;
  let kept = all;
  let pieces = 2;
  while (kept.length > 0 && tried < tries) {
    const size = Math.ceil(kept.length / pieces);
    let left: readonly number[] | undefined;
    // From the end: what came last is the least likely to matter for what came of it.
    for (let from = (Math.ceil(kept.length / size) - 1) * size; from >= 0 && tried < tries; from -= size) {
      const without = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (!test(without)) continue;
      left = without;
      break;
    }
    if (left !== undefined) {
      kept = left;
      pieces = Math.max(2, pieces - 1);
    } else if (size <= 1) return { kept, tries: tried, isSmallest: true };
    else pieces = Math.min(kept.length, pieces * 2);
  }
  return { kept, tries: tried, isSmallest: kept.length === 0 };
}
