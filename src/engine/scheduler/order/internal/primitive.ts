import { LINK } from '../../actions/action.ts';
import { topOf } from '../../actions/place.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { TASK } from '../../actions/task.ts';
import { orderRestartAroundUnfencing } from '../../actions/unfence.ts';
import { compareNames } from '../../rules/values.ts';
import type { Node } from '../../unpack/node.ts';
import { ROLE, type Resource } from '../../unpack/resource.ts';
import { orderTasks } from '../between.ts';
import { orderCapacity } from './capacity.ts';

/**
 * The sequence of a primitive's own operations: it is stopped before it is started, demoted before it is stopped,
 * started before it is promoted; its history is not erased where it is about to be probed. Nothing for what nobody
 * manages.
 */
export function orderWithinPrimitive(builder: ActionBuilder, resource: Resource): void {
  if (!resource.isManaged || builder.assigned.scored.frozen.has(resource.index)) return;
  const { settings } = builder.assigned.scored.unpacked;
  orderTasks(
    builder,
    resource,
    TASK.stop,
    resource,
    TASK.start,
    LINK.sequence | LINK.firstImpliesThen | LINK.restart,
  );
  if (topOf(resource).isPromotable || resource.role > ROLE.unpromoted) {
    orderTasks(builder, resource, TASK.demote, resource, TASK.stop, LINK.promotedThenImpliesFirst);
    orderTasks(builder, resource, TASK.start, resource, TASK.promote, LINK.thenNeedsFirstRunnable);
  }
  orderTasks(builder, resource, TASK.forget, resource, TASK.monitor, LINK.sameNode | LINK.thenCancelsFirst);
  if (!resource.isFenceDevice && settings.unfencingEnabled && resource.needs.unfencing) {
    for (const node of allowedNodes(builder, resource)) orderRestartAroundUnfencing(builder, resource, node);
  }
  if (resource.utilization.size > 0 && settings.placementStrategy !== 'default') {
    orderCapacity(builder, resource, allowedNodes(builder, resource));
  }
}

/** Where the second phase lets it run, by name. */
function allowedNodes(builder: ActionBuilder, resource: Resource): readonly Node[] {
  const scores = builder.assigned.scored.scores[resource.index];
  return [...(scores?.keys() ?? [])].sort((a, b) => compareNames(a.name, b.name));
}
