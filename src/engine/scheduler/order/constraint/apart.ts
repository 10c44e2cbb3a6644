import { LINK } from '../../actions/action.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { TASK } from '../../actions/task.ts';
import type { Colocation } from '../../score/scored.ts';
import { ROLE, type Resource, type Role } from '../../unpack/resource.ts';
import { orderTasks } from '../between.ts';

/** What must never be on one node leaves it before the other one comes, both ways. */
export function orderApart(builder: ActionBuilder, colocation: Colocation): void {
  const { dependent, primary, dependentRole, primaryRole } = colocation;
  orderLeaving(builder, dependent, dependentRole, primary, primaryRole);
  orderLeaving(builder, primary, primaryRole, dependent, dependentRole);
}

function orderLeaving(
  builder: ActionBuilder,
  first: Resource,
  firstRole: Role,
  then: Resource,
  thenRole: Role,
): void {
  for (const firstTask of leaving(firstRole)) {
    for (const thenTask of entering(thenRole)) {
      orderTasks(builder, first, firstTask, then, thenTask, LINK.antiColocation);
    }
  }
}

function leaving(role: Role): readonly string[] {
  if (role === ROLE.promoted) return [TASK.demote];
  return role === ROLE.unpromoted ? [TASK.stop, TASK.promote] : [TASK.stop];
}

function entering(role: Role): readonly string[] {
  if (role === ROLE.promoted) return [TASK.promote];
  return role === ROLE.unpromoted ? [TASK.start, TASK.demote] : [TASK.start];
}
