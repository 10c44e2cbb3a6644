import type { Action } from '../../actions/action.ts';

/** What decides about an action, as bits: cheap to compare, to hand on and to sum up for groups and clones. */
export const FLAG = { optional: 1, runnable: 2, pseudo: 4, migratable: 8, shown: 16 } as const;

/** Which of the two actions of a link changed. */
export const CHANGED = { none: 0, first: 1, then: 2 } as const;

export function flagsOf(action: Action): number {
  return (
    (action.isOptional ? FLAG.optional : 0) |
    (action.isRunnable ? FLAG.runnable : 0) |
    (action.isPseudo ? FLAG.pseudo : 0) |
    (action.isMigrateRunnable ? FLAG.migratable : 0) |
    (action.isShownAlways ? FLAG.shown : 0)
  );
}
