import type { Simulation } from './hunt.ts';
import type { Verdict } from './verdict.ts';

/** The unmodified engine, asked once for each seed: all hunts begin with the same ones. */
export class Control implements Simulation {
  private readonly simulation: Simulation;
  private readonly known = new Map<number, Promise<Verdict>>();

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  simulate(seed: number): Promise<Verdict> {
    const before = this.known.get(seed);
    if (before !== undefined) return before;
    const verdict = this.simulation.simulate(seed);
    this.known.set(seed, verdict);
    return verdict;
  }

  /** Seeds on which the unmodified engine did not get through either. */
  async failures(): Promise<readonly number[]> {
    const verdicts = await Promise.all(
      [...this.known].map(async ([seed, verdict]) => ({ seed, kind: (await verdict).kind })),
    );
    return verdicts.filter(({ kind }) => kind !== 'well').map(({ seed }) => seed);
  }
}
