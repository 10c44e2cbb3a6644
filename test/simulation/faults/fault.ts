import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';

/** What is broken now. Damages of the same name are mended when the last of them ends. */
export interface Damage {
  readonly name: string;
  /** Absent where nothing is left to be mended, as after a kill. */
  readonly mend?: () => void;
  /** It is no fault, but something that is asked for or waited for. */
  readonly isDeed?: true;
  /** How long it lasts, in milliseconds. */
  readonly lasts?: number;
}

/** One way in which things go wrong. All that is left to chance comes from `random`, which no other strike shares. */
export interface Fault {
  /** How often it strikes, beside the others. */
  readonly weight: number;
  /** What people do is no fault, and is not counted as one. */
  readonly isDeed?: true;
  strike(world: World, random: Random, later: Later): readonly Damage[];
}

/** Strikes once more, for what had to be waited for; nothing happens where nothing is to go wrong any more. */
export type Later = (strike: () => readonly Damage[]) => void;

export const anyMachine = (world: World, random: Random): Machine => random.pick(world.machines);

/** Mostly short, sometimes long: most trouble is over before anybody has noticed, and what is noticed matters most. */
export const shortOrLong = (random: Random, least: number, short: number, long: number): number =>
  random.between(least, random.chance(0.5) ? short : long);
