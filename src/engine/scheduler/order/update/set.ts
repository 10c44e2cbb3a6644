import type { Action } from '../../actions/action.ts';
import type { Solver } from './solver.ts';
import { countOptional, countRunnable } from './tally.ts';
import { noteChange } from './wide.ts';

/* Every change of a flag while they are worked out goes through here, so that nothing kept about it goes stale. */

export function setOptional(solver: Solver, action: Action, isOptional: boolean): void {
  if (action.isOptional === isOptional) return;
  action.isOptional = isOptional;
  countOptional(solver, action);
  noteChange(solver, action);
}

export function setRunnable(solver: Solver, action: Action, isRunnable: boolean): void {
  if (action.isRunnable === isRunnable) return;
  action.isRunnable = isRunnable;
  countRunnable(solver, action);
  noteChange(solver, action);
}

/** It will not be part of a migration. */
export function forbidMigrating(solver: Solver, action: Action): void {
  if (!action.isMigrateRunnable) return;
  action.isMigrateRunnable = false;
  noteChange(solver, action);
}

/** It has to be carried out after all. */
export function makeReal(solver: Solver, action: Action): void {
  if (!action.isPseudo) return;
  action.isPseudo = false;
  noteChange(solver, action);
}
