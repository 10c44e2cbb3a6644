import { weights, type Diagnosis } from '../model/index.ts';

/** Worst first, and among equals in the order in which they came; what two checks found is told once. */
export function inOrder(all: readonly Diagnosis[]): readonly Diagnosis[] {
  const once = all.filter(
    (one, index) =>
      all.findIndex(
        (other) => other.code === one.code && other.node === one.node && other.found === one.found,
      ) === index,
  );
  return once.toSorted((left, right) => weights.indexOf(left.weight) - weights.indexOf(right.weight));
}
