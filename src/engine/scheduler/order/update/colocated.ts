import type { Action } from '../../actions/action.ts';
import { newestAction } from '../../actions/find.ts';
import { topOf } from '../../actions/place.ts';
import { setReason } from '../../actions/reason.ts';
import { TASK } from '../../actions/task.ts';
import { INFINITY } from '../../rules/values.ts';
import { ROLE, type Resource } from '../../unpack/resource.ts';
import type { Solver, Work } from './solver.ts';
import { setRunnable } from './set.ts';
import { updateAction } from './update.ts';

/**
 * What must be together with a resource that cannot be started (or promoted) cannot either. Of a clone that holds only
 * where no instance can.
 */
export function* blockDependents(solver: Solver, action: Action): Work {
  if (action.isRunnable || action.resource === undefined) return;
  const isStart = action.task === TASK.start;
  if (!isStart && action.task !== TASK.promote) return;
  const primary = topOf(action.resource);
  // A group's colocations are those of its members by now, and members do not count by themselves.
  if (primary.kind === 'group') return;
  const colocations = solver.builder.assigned.scored.colocationsWith.get(primary.index);
  if (colocations === undefined || !isOutOfReach(solver, primary, action.task)) return;
  for (const colocation of colocations) {
    if (colocation.score < INFINITY) continue;
    if (!isStart && colocation.primaryRole !== ROLE.promoted) continue;
    const task = colocation.dependentRole === ROLE.promoted ? TASK.promote : TASK.start;
    yield block(solver, colocation.dependent, task, action.resource);
  }
}

function isOutOfReach(solver: Solver, primary: Resource, task: string): boolean {
  return solver.builder.childrenOf(primary).every((child) => {
    const own = newestAction(solver.builder, child, task);
    return own !== undefined && !own.isRunnable;
  });
}

function* block(solver: Solver, resource: Resource, task: string, because: Resource): Work {
  const actions = solver.builder.of(resource);
  for (let index = actions.length - 1; index >= 0; index -= 1) {
    const action = actions[index];
    if (action?.task !== task || !action.isRunnable) continue;
    setRunnable(solver, action, false);
    setReason(action, `colocation with ${because.id}`, false);
    yield blockDependents(solver, action);
    yield updateAction(solver, action);
  }
  for (const child of solver.builder.childrenOf(resource)) yield block(solver, child, task, because);
}
