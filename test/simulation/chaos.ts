import type { Damage } from './faults/fault.ts';
import { faults } from './faults/index.ts';
import { randomOf, type Schedule, type Strike } from './schedule.ts';
import type { World } from './world.ts';

/** A strike that came to pass. */
export interface Struck {
  readonly index: number;
  /** Milliseconds after the beginning of the story. */
  readonly at: number;
  readonly name: string;
  /** False: it was only a person's wish. */
  readonly isFault: boolean;
}

/** Carries out a schedule; what is broken is mended again at the latest when `stop` is called. */
export class Chaos {
  readonly struck: Struck[] = [];
  private readonly world: World;
  private readonly seed: number;
  private readonly open = new Set<{ readonly name: string; readonly mend: () => void }>();
  /** The same thing broken twice is mended when the last damage ends; each has its own to mend. */
  private readonly waiting = new Map<string, readonly (() => void)[]>();
  private running = true;

  /** `skip`: indices of strikes that are left out. */
  constructor(world: World, seed: number, schedule: Schedule, skip: ReadonlySet<number>) {
    this.world = world;
    this.seed = seed;
    for (const strike of schedule.strikes) {
      if (skip.has(strike.index)) continue;
      world.time.after(strike.at, () => {
        if (this.running) this.strike(strike);
      });
    }
  }

  private strike(strike: Strike): void {
    const { world } = this;
    const fault = faults[strike.kind];
    if (fault === undefined) throw new Error(`no fault ${strike.kind}`);
    const random = randomOf(this.seed, strike);
    const damages = fault.strike(world, random, (again) => {
      if (this.running) this.damage(strike, again());
    });
    this.damage(strike, damages);
  }

  private damage(strike: Strike, damages: readonly Damage[]): void {
    const { world } = this;
    const isFault = faults[strike.kind]?.isDeed !== true && damages.some(({ isDeed }) => isDeed !== true);
    const name = damages.map((damage) => damage.name).join(', ');
    this.struck.push({ index: strike.index, at: world.age, name, isFault });
    world.story.tell('FAULT', `${strike.index} ${name}`);
    for (const { name, mend, lasts } of damages) {
      if (mend === undefined) continue;
      const damage = { name, mend };
      this.open.add(damage);
      world.time.after(lasts ?? 0, () => this.mend(damage));
    }
  }

  private mend(damage: { readonly name: string; readonly mend: () => void }): void {
    if (!this.open.delete(damage)) return;
    const waiting = [...(this.waiting.get(damage.name) ?? []), damage.mend];
    if ([...this.open].some(({ name }) => name === damage.name)) {
      this.waiting.set(damage.name, waiting);
      return;
    }
    this.waiting.delete(damage.name);
    this.world.story.tell('MENDED', damage.name);
    for (const mend of waiting) mend();
  }

  /** Everything is mended, and every machine is switched on. */
  stop(): void {
    this.running = false;
    this.world.moments.forget();
    for (const damage of [...this.open]) this.mend(damage);
    for (const machine of this.world.machines) machine.restore();
  }
}
