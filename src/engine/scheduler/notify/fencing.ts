import type { Action } from '../actions/action.ts';
import { topOf } from '../actions/place.ts';
import type { ActionBuilder } from '../actions/table.ts';
import type { Resource } from '../unpack/resource.ts';
import { notifyInstances } from './create.ts';
import { makeNotification, setIfAbsent } from './plan.ts';

/**
 * An instance's stop follows from the fencing of its node: the other instances are told once the node is fenced, so
 * that what is ordered after the clone's stop waits for that too.
 */
export function orderNotificationsAfterFencing(
  builder: ActionBuilder,
  stop: Action,
  resource: Resource,
  fencing: Action,
): void {
  if (!resource.wantsNotifications) return;
  const notification = makeNotification(builder, resource, 'stop', undefined, fencing);
  const data = new Map<string, string>();
  setIfAbsent(data, 'notify_stop_resource', resource.id);
  setIfAbsent(data, 'notify_stop_uname', stop.node?.name ?? '');
  notifyInstances(builder, topOf(resource), {
    notification,
    data,
    isNeeded: true,
    roleOf: builder.currentRole,
  });
}
