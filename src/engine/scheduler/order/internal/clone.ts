import { LINK } from '../../actions/action.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { TASK } from '../../actions/task.ts';
import type { Resource } from '../../unpack/resource.ts';
import { orderTasks } from '../between.ts';
import { orderWithinGroup } from './group.ts';
import { orderWithinPrimitive } from './primitive.ts';

/**
 * A clone's start and stop enclose those of its instances; where it is ordered, instances start one after the other and
 * stop in the opposite sequence. Promotable ones are demoted before they stop and promoted once all have started.
 */
export function orderWithinClone(builder: ActionBuilder, clone: Resource): void {
  const isOrdered = clone.clone?.isOrdered === true;
  orderTasks(builder, clone, TASK.stopped, clone, TASK.start, LINK.sequence);
  orderTasks(builder, clone, TASK.start, clone, TASK.started, LINK.thenNeedsFirstRunnable);
  orderTasks(builder, clone, TASK.stop, clone, TASK.stopped, LINK.thenNeedsFirstRunnable);
  if (clone.isPromotable) {
    orderTasks(builder, clone, TASK.demoted, clone, TASK.stop, LINK.sequence);
    orderTasks(builder, clone, TASK.started, clone, TASK.promote, LINK.thenNeedsFirstRunnable);
  }
  let last: Resource | undefined;
  for (const child of clone.children) {
    if (child.kind === 'group') orderWithinGroup(builder, child);
    else orderWithinPrimitive(builder, child);
    orderTasks(builder, clone, TASK.start, child, TASK.start, LINK.thenNeedsFirstRunnable | LINK.showFirst);
    orderTasks(builder, child, TASK.start, clone, TASK.started, LINK.showThen);
    if (isOrdered && last !== undefined) {
      orderTasks(builder, last, TASK.start, child, TASK.start, LINK.sequence);
    }
    orderTasks(builder, clone, TASK.stop, child, TASK.stop, LINK.showFirst);
    orderTasks(builder, child, TASK.stop, clone, TASK.stopped, LINK.showThen);
    if (isOrdered && last !== undefined) {
      orderTasks(builder, child, TASK.stop, last, TASK.stop, LINK.sequence);
    }
    last = child;
  }
  if (clone.isPromotable) orderPromotions(builder, clone, isOrdered);
}

/** What a restart does all the way round: demote, stop, start, promote, each when the one before is over. */
const SEQUENCE: readonly (readonly [first: string, then: string])[] = [
  [TASK.stopped, TASK.start],
  [TASK.stopped, TASK.promote],
  [TASK.demoted, TASK.stop],
  [TASK.demoted, TASK.start],
  [TASK.demoted, TASK.promote],
  [TASK.started, TASK.promote],
  [TASK.demote, TASK.demoted],
];

function orderPromotions(builder: ActionBuilder, clone: Resource, isOrdered: boolean): void {
  for (const [first, then] of SEQUENCE) orderTasks(builder, clone, first, clone, then, LINK.sequence);
  let last: Resource | undefined;
  for (const instance of clone.children) {
    orderTasks(builder, instance, TASK.demote, instance, TASK.promote, LINK.sequence);
    orderTasks(builder, clone, TASK.promote, instance, TASK.promote, LINK.sequence);
    orderTasks(builder, instance, TASK.promote, clone, TASK.promoted, LINK.sequence);
    if (isOrdered && last !== undefined) {
      orderTasks(builder, last, TASK.promote, instance, TASK.promote, LINK.sequence);
    }
    orderTasks(builder, clone, TASK.demote, instance, TASK.demote, LINK.showFirst);
    orderTasks(builder, instance, TASK.demote, clone, TASK.demoted, LINK.showThen);
    if (isOrdered && last !== undefined) {
      orderTasks(builder, instance, TASK.demote, last, TASK.demote, LINK.sequence);
    }
    last = instance;
  }
}
