import type { PlantedBug } from './planted-bug.ts';
import type { Verdict } from './verdict.ts';

export interface Options {
  readonly firstSeed: number;
  /** A bug that nothing shows in so many seeds has survived. */
  readonly seeds: number;
}

/** Something that can be asked what comes of a seed. */
export interface Simulation {
  simulate(seed: number): Promise<Verdict>;
}

export type Finding =
  | {
      readonly kind: 'found';
      readonly bug: PlantedBug;
      readonly property: string;
      readonly message: string;
      readonly seed: number;
      /** Seeds it took, that one included. */
      readonly seeds: number;
      /** Faults before it showed. */
      readonly faults: number;
    }
  | { readonly kind: 'survived'; readonly bug: PlantedBug; readonly seeds: number }
  | { readonly kind: 'broken'; readonly bug: PlantedBug; readonly seed: number; readonly message: string };

/**
 * Seed after seed until a property fails. It counts only where the unmodified engine gets through the same seed: what
 * fails there too shows something else.
 */
export async function hunt(
  bug: PlantedBug,
  withBug: Simulation,
  control: Simulation,
  { firstSeed, seeds }: Options,
): Promise<Finding> {
  for (let index = 0; index < seeds; index += 1) {
    const seed = firstSeed + index;
    const verdict = await withBug.simulate(seed);
    if (verdict.kind !== 'violation' && verdict.kind !== 'broken') continue;
    const without = await control.simulate(seed);
    if (without.kind !== 'well') continue;
    if (verdict.kind === 'broken') return { kind: 'broken', bug, seed, message: verdict.message };
    const { property, message, faults } = verdict;
    return { kind: 'found', bug, property, message, seed, seeds: index + 1, faults };
  }
  return { kind: 'survived', bug, seeds };
}
