import type { Action } from '../../actions/action.ts';
import { FLAG, flagsOf } from './flags.ts';
import type { Solver } from './solver.ts';
import { countingFlags } from './summary.ts';

/** From so many links on it pays to know which of them are worth a look. */
const WIDE = 64;

/**
 * An action that waits for very many others, such as the one that tells that a big group has started. It is looked at
 * whenever one of them changes; then only the links of those that changed are.
 */
export interface Wide {
  /** By what goes first: the positions of its links. */
  readonly positions: Map<Action, number[]>;
  /** Positions of links that may change something. */
  readonly pending: Set<number>;
  /** Those of groups and clones: whether they changed is not known without summing them up. */
  readonly always: Set<number>;
  /** How many links are known here. */
  length: number;
  /** The action's own flags for which all links that are not pending change nothing. */
  settledFor: number | undefined;
}

/** `undefined`: all links of the action are looked at each time. */
export function wideOf(solver: Solver, action: Action): Wide | undefined {
  if (action.before.length < WIDE || action.requiresAny || action.resource?.kind === 'clone')
    return undefined;
  let wide = solver.wides.get(action);
  if (wide === undefined) {
    wide = { positions: new Map(), pending: new Set(), always: new Set(), length: 0, settledFor: undefined };
    solver.wides.set(action, wide);
  }
  for (; wide.length < action.before.length; wide.length += 1) {
    const first = action.before[wide.length]?.action;
    if (first === undefined) continue;
    const known = wide.positions.get(first);
    if (known === undefined) wide.positions.set(first, [wide.length]);
    else known.push(wide.length);
    wide.pending.add(wide.length);
    if (first.resource !== undefined && first.resource.kind !== 'primitive') wide.always.add(wide.length);
  }
  return wide;
}

/** What comes after an action that changed has to look at its link once more. */
export function noteChange(solver: Solver, action: Action): void {
  if (solver.wides.size === 0) return;
  for (const { action: then } of action.after) {
    const wide = solver.wides.get(then);
    for (const position of wide?.positions.get(action) ?? []) wide?.pending.add(position);
  }
}

/** The next position below `above` to be looked at, from the newest link to the oldest; -1: none is left. */
export function nextPosition(solver: Solver, wide: Wide, action: Action, above: number): number {
  const flags = (flagsOf(action) & ~FLAG.shown) | (countingFlags(solver, action, undefined) << 5);
  if (flags !== wide.settledFor) {
    // Whatever changed nothing did so for other flags.
    for (let position = 0; position < wide.length; position += 1) wide.pending.add(position);
    wide.settledFor = flags;
  }
  if (wide.pending.size + wide.always.size > WIDE) return above - 1;
  let next = -1;
  for (const position of wide.pending) if (position < above && position > next) next = position;
  for (const position of wide.always) if (position < above && position > next) next = position;
  return next;
}
