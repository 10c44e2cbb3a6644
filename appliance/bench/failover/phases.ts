import type { JournalLine } from './journal.ts';

/** What happens in a failover, in order, and what ends each phase. */
export const phases = {
  noticed: 'loss noticed',
  fenced: 'fencing confirmed',
  released: 'let go by the other node',
  promoted: 'promoted (DRBD)',
  activated: 'volumes activated (LVM)',
  exported: 'LUNs exported (LIO)',
  addressed: 'first address up',
  loggedIn: 'host logged in again',
  written: 'first write of the host',
} as const;
export type Phase = keyof typeof phases;
export const phaseNames = Object.keys(phases) as readonly Phase[];

export const deeds = { 'power-cut': 'Power cut', 'planned-move': 'Planned move' } as const;
export type Deed = keyof typeof deeds;
export const deedNames = Object.keys(deeds) as readonly Deed[];

/** Phases that a deed does not have at all. */
const absent: Readonly<Record<Deed, readonly Phase[]>> = {
  'power-cut': ['released'],
  'planned-move': ['noticed', 'fenced'],
};
export const phasesOf = (deed: Deed): readonly Phase[] =>
  phaseNames.filter((phase) => !absent[deed].includes(phase));

/** When each phase ended, in milliseconds since 1970; absent: not seen. */
export type Milestones = Partial<Readonly<Record<Phase, number>>>;

/** What a journal says at the end of a phase; of several such lines the first or the last. */
export interface Sign {
  readonly phase: Phase;
  readonly says: RegExp;
  readonly which: 'first' | 'last';
}

export function milestonesOf(lines: readonly JournalLine[], signs: readonly Sign[]): Milestones {
  return Object.fromEntries(
    signs.flatMap(({ phase, says, which }) => {
      const found = lines.filter(({ text }) => says.test(text)).map(({ at }) => at);
      const at = which === 'first' ? Math.min(...found) : Math.max(...found);
      return found.length === 0 ? [] : [[phase, at]];
    }),
  );
}

/** The same moments by a clock that the first one is ahead of by so many milliseconds. */
export const byOtherClock = (milestones: Milestones, ahead: number): Milestones =>
  Object.fromEntries(Object.entries(milestones).map(([phase, at]) => [phase, at - ahead]));

/** open-iscsi's daemon on the host. */
export const hostSigns: readonly Sign[] = [
  { phase: 'loggedIn', says: /connection\d+:\d+ is operational after recovery/, which: 'first' },
];

/** The first of these moments (in order) at or after another. */
export const firstFrom = (moments: readonly number[], from: number): number | undefined =>
  moments.find((at) => at >= from);

/** The end of the longest time between two neighbours of these moments (in order) that ends after another. */
export function endOfLongestGap(moments: readonly number[], from: number): number | undefined {
  let longest = -1;
  let end: number | undefined;
  for (const [index, at] of moments.entries()) {
    const gap = at - (moments[index - 1] ?? at);
    if (at < from || gap <= longest) continue;
    longest = gap;
    end = at;
  }
  return end;
}
