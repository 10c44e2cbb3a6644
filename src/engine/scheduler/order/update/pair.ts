import { LINK, type Action } from '../../actions/action.ts';
import { newestAction } from '../../actions/find.ts';
import { TASK } from '../../actions/task.ts';
import { isTrue } from '../../rules/values.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { applyEffect, type Effect } from './change.ts';
import { CHANGED, FLAG, flagsOf } from './flags.ts';
import { updateInterleaved } from './interleave.ts';
import { updateAction, updateAfter } from './update.ts';
import type { Solver, Working } from './solver.ts';
import { countingFlags } from './summary.ts';

/** A link between two actions; `node`: only what of a clone is there is meant. */
export interface Pair {
  readonly first: Action;
  readonly then: Action;
  readonly node: Node | undefined;
}

/**
 * Applies one kind of link to a pair; what it does to a group or clone, it does to the members or instances of `then`.
 * `resource` (of `first` or of `then`) says how. Mostly nothing has to be done in between, and then the result is there
 * at once: this happens more often than anything else.
 */
export function updatePair(
  solver: Solver,
  resource: Resource,
  pair: Pair,
  effect: Effect,
): number | Working<number> {
  switch (resource.kind) {
    case 'primitive':
      return updateSingle(solver, pair, effect);
    case 'group':
      return hasMembers(pair) ? updateMembers(solver, pair, effect) : updateSingle(solver, pair, effect);
    case 'clone':
      if (mayInterleave(pair)) return updateInterleaved(solver, pair, effect);
      return isWithoutEffect(pair, effect) ? CHANGED.none : updateInstances(solver, pair, effect);
  }
}

/** Applies one kind of link to two actions, and to nothing beside them. */
function updateSingle(solver: Solver, pair: Pair, effect: Effect): number | Working<number> {
  const { first, then } = pair;
  const firstFlags = flagsOf(first);
  const thenFlags = flagsOf(then);
  applyEffect(solver, first, then, effect);
  const isThenChanged = flagsOf(then) !== thenFlags;
  if (isThenChanged && then.resource?.parent !== undefined) return followThen(solver, pair, firstFlags);
  return (isThenChanged ? CHANGED.then : 0) | (flagsOf(first) === firstFlags ? 0 : CHANGED.first);
}

/** A member or instance that changed is looked at again at once, which may change `first` too. */
function* followThen(solver: Solver, { first, then }: Pair, firstFlags: number): Working<number> {
  yield updateAction(solver, then);
  return CHANGED.then | (flagsOf(first) === firstFlags ? 0 : CHANGED.first);
}

/** What only groups and clones as a whole do. */
const WHOLE = new Set<string>([TASK.started, TASK.stopped, TASK.promoted, TASK.demoted, TASK.notified]);

/** Whether primitives can have actions of this task, so that looking for them is worth it. */
export function isForPrimitives(task: string): boolean {
  return !WHOLE.has(task);
}

/** Whether there can be actions of members to which it is to be done as well. */
function hasMembers({ then }: Pair): boolean {
  return then.resource !== undefined && isForPrimitives(then.task);
}

function* updateMembers(solver: Solver, pair: Pair, effect: Effect): Working<number> {
  const { first, then, node } = pair;
  const own = updateSingle(solver, pair, effect);
  let changed = typeof own === 'number' ? own : yield* own;
  if (then.resource === undefined) return changed;
  for (const member of solver.builder.childrenOf(then.resource)) {
    const action = newestAction(solver.builder, member, then.task, node);
    if (action === undefined) continue;
    const ofMember = updatePair(solver, member, { first, then: action, node }, effect);
    changed |= typeof ofMember === 'number' ? ofMember : yield* ofMember;
  }
  return changed;
}

/**
 * A mere sequence changes nothing between two actions. With instances that are groups it is an occasion to sum up what
 * their members do.
 */
function isWithoutEffect({ then }: Pair, { link }: Effect): boolean {
  const isGroup = then.resource?.children[0]?.kind === 'group';
  return !isGroup && (link === LINK.sequence || link === LINK.oneOrMore);
}

function* updateInstances(solver: Solver, pair: Pair, effect: Effect): Working<number> {
  const { first, then, node } = pair;
  if (then.resource === undefined) return CHANGED.none;
  const own = updateSingle(solver, pair, effect);
  let changed = typeof own === 'number' ? own : yield* own;
  const arePrimitives = then.resource.children[0]?.kind !== 'group';
  if (arePrimitives && !isForPrimitives(then.task)) return changed;
  for (const instance of solver.builder.childrenOf(then.resource)) {
    const action = newestAction(solver.builder, instance, then.task, node);
    if (action === undefined || (countingFlags(solver, action, node) & FLAG.runnable) === 0) continue;
    const ofInstance = updatePair(solver, instance, { first, then: action, node }, effect);
    const changedHere = typeof ofInstance === 'number' ? ofInstance : yield* ofInstance;
    changed |= changedHere;
    if ((changedHere & CHANGED.then) !== 0) yield updateAfter(solver, action);
  }
  return changed;
}

/** Between two clones instances may be paired by node: the one that is ordered later decides; for stops the other. */
function mayInterleave({ first, then }: Pair): boolean {
  if (first.resource?.kind !== 'clone' || then.resource?.kind !== 'clone') return false;
  if (first.resource === then.resource) return false;
  const isDown = then.key.endsWith('_stop_0') || then.key.endsWith('_demote_0');
  const decides = isDown ? first.resource : then.resource;
  return isTrue(decides.meta.get('interleave'));
}
