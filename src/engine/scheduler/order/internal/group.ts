import { LINK } from '../../actions/action.ts';
import { topOf } from '../../actions/place.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { TASK } from '../../actions/task.ts';
import type { Resource } from '../../unpack/resource.ts';
import { orderTasks } from '../between.ts';
import { orderWithinPrimitive } from './primitive.ts';

const UP = LINK.thenNeedsFirstRunnable | LINK.firstImpliesThen;

interface Walk {
  readonly builder: ActionBuilder;
  readonly group: Resource;
  readonly isOrdered: boolean;
  readonly isPromotable: boolean;
}

/**
 * A group's start and stop enclose those of its members; where it is ordered, members start one after the other and
 * stop in the opposite sequence.
 */
export function orderWithinGroup(builder: ActionBuilder, group: Resource): void {
  orderTasks(builder, group, TASK.stop, group, TASK.stopped, LINK.thenNeedsFirstRunnable);
  orderTasks(builder, group, TASK.stopped, group, TASK.start, LINK.sequence);
  orderTasks(builder, group, TASK.start, group, TASK.started, LINK.thenNeedsFirstRunnable);
  const walk: Walk = {
    builder,
    group,
    isOrdered: group.group?.isOrdered ?? true,
    isPromotable: topOf(group).isPromotable,
  };
  let previous: Resource | undefined;
  let lastActive: Resource | undefined;
  for (const member of group.children) {
    orderWithinPrimitive(builder, member);
    orderMemberInGroup(walk, member, previous === undefined);
    orderMember(walk, member, previous);
    if (member.runningOn.length > 0) {
      // A member in between that does not run must not let the two beside it stop at the same time.
      if (walk.isOrdered && previous?.runningOn.length === 0 && lastActive !== undefined) {
        orderTasks(builder, member, TASK.stop, lastActive, TASK.stop, LINK.sequence);
      }
      lastActive = member;
    }
    previous = member;
  }
}

function orderMemberInGroup(walk: Walk, member: Resource, isFirst: boolean): void {
  const { builder, group } = walk;
  const isEnd = isFirst && walk.isOrdered;
  const down = LINK.showFirst | (isEnd ? LINK.sequence : 0);
  const isDown = isEnd ? LINK.firstImpliesThen : LINK.showThen;
  const isUp = UP | LINK.showThen;
  if (walk.isPromotable) {
    orderTasks(builder, group, TASK.demote, member, TASK.demote, down);
    orderTasks(builder, member, TASK.demote, group, TASK.demoted, isDown);
    orderTasks(builder, member, TASK.promote, group, TASK.promoted, isUp);
    orderTasks(builder, group, TASK.promote, member, TASK.promote, LINK.showFirst);
  }
  orderTasks(builder, group, TASK.stop, member, TASK.stop, down);
  orderTasks(builder, member, TASK.stop, group, TASK.stopped, isDown);
  orderTasks(builder, group, TASK.start, member, TASK.start, LINK.showFirst);
  orderTasks(builder, member, TASK.start, group, TASK.started, isUp);
}

function orderMember(walk: Walk, member: Resource, previous: Resource | undefined): void {
  const { builder, group } = walk;
  if (!walk.isOrdered) {
    orderTasks(builder, group, TASK.start, member, TASK.start, UP | LINK.showFirst);
    if (walk.isPromotable) {
      orderTasks(builder, group, TASK.promote, member, TASK.promote, UP | LINK.showFirst);
    }
  } else if (previous !== undefined) {
    orderTasks(builder, previous, TASK.start, member, TASK.start, UP);
    orderTasks(builder, member, TASK.stop, previous, TASK.stop, LINK.sequence | LINK.restart);
    if (walk.isPromotable) {
      orderTasks(builder, previous, TASK.promote, member, TASK.promote, UP);
      orderTasks(builder, member, TASK.demote, previous, TASK.demote, LINK.sequence);
    }
  }
}
