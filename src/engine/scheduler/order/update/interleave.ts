import type { Action } from '../../actions/action.ts';
import { newestAction } from '../../actions/find.ts';
import { LINK } from '../../actions/action.ts';
import type { Resource } from '../../unpack/resource.ts';
import { abandon } from './abandon.ts';
import type { Effect } from './change.ts';
import { compatibleInstance } from './compatible.ts';
import { CHANGED } from './flags.ts';
import { updatePair, type Pair } from './pair.ts';
import type { Solver, Working } from './solver.ts';
import { countingFlags, instanceTask } from './summary.ts';

/**
 * Each instance of the clone that comes later is ordered after the one instance of the other clone on its node. An
 * instance without such a counterpart must not start where the order is a must.
 */
export function* updateInterleaved(solver: Solver, pair: Pair, effect: Effect): Working<number> {
  const { first, then } = pair;
  if (first.resource === undefined || then.resource === undefined) return CHANGED.none;
  const isNow = first.key.endsWith('_stopped_0') || first.key.endsWith('_demoted_0');
  let changed: number = CHANGED.none;
  for (const instance of solver.builder.childrenOf(then.resource)) {
    const counterpart = compatibleInstance(solver, instance, first.resource, isNow);
    if (counterpart !== undefined) {
      changed |= yield* updateCounterparts(solver, pair, [counterpart, instance], effect);
    } else if (!isNow && (effect.link & (LINK.thenNeedsFirstRunnable | LINK.firstImpliesThen)) !== 0) {
      if (abandon(solver, instance)) changed |= CHANGED.then;
    }
  }
  return changed;
}

function* updateCounterparts(
  solver: Solver,
  { first, then, node }: Pair,
  [firstInstance, thenInstance]: readonly [first: Resource, then: Resource],
  effect: Effect,
): Working<number> {
  const { builder } = solver;
  const firstAction = findFirst(solver, first, firstInstance, node);
  const thenAction = newestAction(builder, thenInstance, then.task, node);
  if (firstAction === undefined || thenAction === undefined) return CHANGED.none;
  let changed: number = CHANGED.none;
  if (builder.link(firstAction, thenAction, effect.link)) changed |= CHANGED.first | CHANGED.then;
  const flags = countingFlags(solver, firstAction, node);
  const own = { first: firstAction, then: thenAction, node };
  const ofInstance = updatePair(solver, thenInstance, own, { ...effect, flags });
  return changed | (typeof ofInstance === 'number' ? ofInstance : yield* ofInstance);
}

function findFirst(
  solver: Solver,
  first: Action,
  instance: Resource,
  node: Pair['node'],
): Action | undefined {
  if (first.resource === undefined) return undefined;
  return newestAction(solver.builder, instance, instanceTask(first, first.resource), node);
}
