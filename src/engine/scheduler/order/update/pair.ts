import type { Action } from '../../actions/action.ts';
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
 * `resource` (of `first` or of `then`) says how.
 */
export function* updatePair(solver: Solver, resource: Resource, pair: Pair, effect: Effect): Working<number> {
  switch (resource.kind) {
    case 'primitive':
      return yield* updateSingle(solver, pair, effect);
    case 'group':
      return yield* updateMembers(solver, pair, effect);
    case 'clone':
      return mayInterleave(pair)
        ? yield* updateInterleaved(solver, pair, effect)
        : yield* updateInstances(solver, pair, effect);
  }
}

/** Applies one kind of link to two actions, and to nothing beside them. */
export function* updateSingle(solver: Solver, pair: Pair, effect: Effect): Working<number> {
  const { first, then } = pair;
  const firstFlags = flagsOf(first);
  const thenFlags = flagsOf(then);
  applyEffect(solver, first, then, effect);
  let changed: number = CHANGED.none;
  if (flagsOf(then) !== thenFlags) {
    changed |= CHANGED.then;
    if (then.resource?.parent !== undefined) yield updateAction(solver, then);
  }
  if (flagsOf(first) !== firstFlags) changed |= CHANGED.first;
  return changed;
}

/** What only groups and clones as a whole do. */
const WHOLE = new Set<string>([TASK.started, TASK.stopped, TASK.promoted, TASK.demoted, TASK.notified]);

/** Whether primitives can have actions of this task, so that looking for them is worth it. */
export function isForPrimitives(task: string): boolean {
  return !WHOLE.has(task);
}

function* updateMembers(solver: Solver, pair: Pair, effect: Effect): Working<number> {
  const { first, then, node } = pair;
  let changed = yield* updateSingle(solver, pair, effect);
  if (then.resource === undefined || !isForPrimitives(then.task)) return changed;
  for (const member of solver.builder.childrenOf(then.resource)) {
    const action = newestAction(solver.builder, member, then.task, node);
    if (action !== undefined)
      changed |= yield* updatePair(solver, member, { first, then: action, node }, effect);
  }
  return changed;
}

function* updateInstances(solver: Solver, pair: Pair, effect: Effect): Working<number> {
  const { first, then, node } = pair;
  if (then.resource === undefined) return CHANGED.none;
  let changed = yield* updateSingle(solver, pair, effect);
  for (const instance of solver.builder.childrenOf(then.resource)) {
    const action = newestAction(solver.builder, instance, then.task, node);
    if (action === undefined || (countingFlags(solver, action, node) & FLAG.runnable) === 0) continue;
    const changedHere = yield* updatePair(solver, instance, { first, then: action, node }, effect);
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
