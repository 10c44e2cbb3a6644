import type { Resource } from '../unpack/resource.ts';
import { LINK, type LinkFlags, type Ordering, type OrderingEnd } from './action.ts';
import { actionKey, parseActionKey } from './key.ts';
import { partialTarget } from './place.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/**
 * An ordering between starts, stops, promotions and demotions of two resources counts for their live migrations too:
 * requests the same for those. A resource that migrates while the other one is moved by stop and start must not
 * overtake it.
 */
export function requestMigrationEquivalents(builder: ActionBuilder, ordering: Ordering): void {
  const first = ordering.first.resource;
  const then = ordering.then.resource;
  if (first === undefined || then === undefined || first === then) return;
  if (!first.mayMigrate && !then.mayMigrate) return;
  if (isAncestor(first, then) || isAncestor(then, first)) return;

  const request = (task: string, follower: string, flags: LinkFlags): void => {
    builder.request(endOf(first, task), endOf(then, follower), flags);
  };
  const unlessFirst = LINK.sequence | (first.mayMigrate ? LINK.unlessFirstMigrates : 0);
  const isContinued = partialTarget(builder, then) !== undefined;

  switch (`${taskOf(ordering.first)} ${taskOf(ordering.then)}`) {
    case `${TASK.start} ${TASK.start}`:
      if (!then.mayMigrate) return;
      if (first.mayMigrate) request(TASK.migrateFrom, TASK.migrateTo, LINK.sequence);
      request(TASK.start, TASK.migrateTo, unlessFirst);
      return;
    case `${TASK.stop} ${TASK.stop}`:
      if (!then.mayMigrate) return;
      request(TASK.stop, TASK.migrateTo, unlessFirst);
      if (isContinued) request(TASK.stop, TASK.migrateFrom, unlessFirst);
      return;
    case `${TASK.promote} ${TASK.start}`:
      if (then.mayMigrate) request(TASK.promote, TASK.migrateTo, LINK.sequence);
      return;
    case `${TASK.demote} ${TASK.stop}`:
      if (!then.mayMigrate) return;
      request(TASK.demote, TASK.migrateTo, LINK.sequence);
      if (isContinued) request(TASK.demote, TASK.migrateFrom, LINK.sequence);
      return;
    default:
  }
}

function endOf(resource: Resource, task: string): OrderingEnd {
  return { resource, key: actionKey(resource, task), action: undefined };
}

function taskOf(end: OrderingEnd): string {
  if (end.action !== undefined) return end.action.task;
  return end.key === undefined ? '' : (parseActionKey(end.key)?.task ?? '');
}

function isAncestor(resource: Resource, of: Resource): boolean {
  for (let above = of.parent; above !== undefined; above = above.parent) {
    if (above === resource) return true;
  }
  return false;
}
