import { LINK, type Action, type LinkFlags } from '../../actions/action.ts';
import { reasonFrom, setReason } from '../../actions/reason.ts';
import { TASK } from '../../actions/task.ts';
import { ROLE } from '../../unpack/resource.ts';
import { stateOf } from '../apply/state.ts';
import { FLAG } from './flags.ts';
import type { Solver } from './solver.ts';
import { forbidMigrating, makeReal, setOptional, setRunnable } from './set.ts';

/** What an ordering looks at: `flags` of `first` as they count, and which of its effects are wanted now. */
export interface Effect {
  /** One bit of `LINK`. */
  readonly link: LinkFlags;
  /** Flags of `first` as they count for orderings. */
  readonly flags: number;
  /** `FLAG.optional`: what is required; `FLAG.runnable`: what is possible. */
  readonly concerns: number;
}

/** Changes two actions as one kind of link between them demands. */
export function applyEffect(solver: Solver, first: Action, then: Action, effect: Effect): void {
  const { flags } = effect;
  const isAboutNeed = (effect.concerns & FLAG.optional) !== 0;
  const isAboutChance = (effect.concerns & FLAG.runnable) !== 0;
  switch (effect.link) {
    case LINK.asymmetrical:
      changeOneWay(solver, first, then);
      return;
    case LINK.thenImpliesFirst:
      if (then.isOptional) return;
      if (isAboutNeed && (flags & FLAG.optional) === 0) require(solver, first, then);
      if ((flags & FLAG.migratable) !== 0 && !then.isMigrateRunnable) forbidMigration(solver, first, then);
      return;
    case LINK.promotedThenImpliesFirst:
      if (!isAboutNeed || then.isOptional || !isPromoted(solver, then)) return;
      require(solver, first, then);
      if (!then.isMigrateRunnable) forbidMigration(solver, first, then);
      return;
    case LINK.thenImpliesFirstMigratable:
      if (!isAboutNeed) return;
      if (!then.isMigrateRunnable || !then.isRunnable) forbid(solver, first, then);
      if (!then.isOptional) require(solver, first, then);
      return;
    case LINK.pseudoThenIfFirstRunnable:
      if (!isAboutNeed || first.isRunnable) return;
      forbidMigration(solver, then, first);
      makeReal(solver, then);
      return;
    case LINK.thenNeedsFirstRunnable:
      if (!isAboutChance || !then.isRunnable || (flags & FLAG.runnable) !== 0) return;
      forbid(solver, then, first);
      forbidMigration(solver, then, first);
      return;
    case LINK.firstImpliesThen:
      if (isAboutNeed && then.isOptional && (flags & FLAG.optional) === 0 && !first.isMigrateRunnable) {
        require(solver, then, first);
      }
      return;
    case LINK.restart:
      changeRestart(solver, first, then, isAboutNeed, isAboutChance);
      return;
    default:
      // A sequence, or that one of several is enough, changes nothing between two actions of resources.
      return;
  }
}

function require(solver: Solver, action: Action, because: Action): void {
  if (!action.isOptional) return;
  setOptional(solver, action, false);
  if (action.resource !== because.resource) setReason(action, reasonFrom(because, 'required'), false);
}

function forbid(solver: Solver, action: Action, because: Action): void {
  if (!action.isRunnable) return;
  setRunnable(solver, action, false);
  if (action.resource !== because.resource) setReason(action, reasonFrom(because, 'unrunnable'), false);
}

function forbidMigration(solver: Solver, action: Action, because: Action): void {
  if (!action.isMigrateRunnable) return;
  forbidMigrating(solver, action);
  // That it is moved by stopping and starting says more than whatever was known before.
  if (action.resource !== because.resource) setReason(action, reasonFrom(because, 'unrunnable'), true);
}

function isPromoted(solver: Solver, action: Action): boolean {
  const { resource } = action;
  return resource !== undefined && solver.builder.currentRole(resource) === ROLE.promoted;
}

/** One way: `then` needs `first`, unless `then` is where it shall be already. */
function changeOneWay(solver: Solver, first: Action, then: Action): void {
  const { resource } = then;
  if (resource === undefined) return;
  const role = stateOf(solver.builder, resource);
  if (role === ROLE.stopped && then.task === TASK.stop) return;
  const isInPlace =
    role >= ROLE.started &&
    then.isOptional &&
    then.node !== undefined &&
    resource.runningOn.length === 1 &&
    resource.runningOn[0] === then.node;
  if (isInPlace && then.task === TASK.start) return;
  if (first.isRunnable) return;
  require(solver, then, first);
  forbid(solver, then, first);
}

/** A stop that belongs to a restart, or to the restart of a member further up in a group. */
function changeRestart(
  solver: Solver,
  first: Action,
  then: Action,
  isAboutNeed: boolean,
  isAboutChance: boolean,
): void {
  if (first.resource?.kind !== 'primitive' || then.resource?.kind !== 'primitive') return;
  const isNeeded = isAboutNeed && !then.isOptional;
  // What cannot be started again must be stopped all the same.
  const isHopeless =
    isAboutChance &&
    !then.isRunnable &&
    solver.builder.isManaged(then.resource) &&
    first.resource === then.resource;
  if (!isNeeded && !isHopeless) return;
  if (first.isRunnable || !then.isOptional) require(solver, first, then);
  if (!then.isMigrateRunnable) forbidMigration(solver, first, then);
  if (!first.isOptional && !first.isRunnable) forbid(solver, then, first);
}
