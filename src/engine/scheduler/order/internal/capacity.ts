import { LINK, type Action } from '../../actions/action.ts';
import { pseudoPoint } from '../../actions/make.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { TASK } from '../../actions/task.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { actionEnd, taskEnd } from '../between.ts';

/**
 * Where capacity counts, what leaves a node goes before what comes: both sides meet in one point for each node.
 * ("Pacemaker Explained", utilization and placement strategy.)
 */
export function orderCapacity(builder: ActionBuilder, resource: Resource, allowed: readonly Node[]): void {
  for (const node of resource.runningOn) {
    builder.request(taskEnd(resource, TASK.stop), actionEnd(capacityFreed(builder, node)), LINK.load);
  }
  for (const node of allowed) {
    const freed = actionEnd(capacityFreed(builder, node));
    builder.request(freed, taskEnd(resource, TASK.start), LINK.load);
    builder.request(freed, taskEnd(resource, TASK.migrateTo), LINK.load);
  }
}

function capacityFreed(builder: ActionBuilder, node: Node): Action {
  const point = pseudoPoint(builder, `load_stopped_${node.name}`);
  if (point.node === undefined) {
    point.node = node;
    point.isOptional = false;
  }
  return point;
}
