import { LINK, type Action } from '../actions/action.ts';
import { newestAction } from '../actions/find.ts';
import type { ActionBuilder } from '../actions/table.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import { collectSituation, notifiedTask, primitivesOf, settledRole } from './collect.ts';
import { notificationData } from './data.ts';
import type {
  CloneNotifications,
  Notification,
  NotificationData,
  NotificationPhase,
  NotifiedTask,
} from './notification.ts';
import { notificationKey, setIfAbsent } from './plan.ts';

const HIGHEST_PRIORITY = 1_000_000;
const TASKS: readonly NotifiedTask[] = ['start', 'stop', 'promote', 'demote'];

/**
 * Makes the notify actions of a clone's instances, once it is known what will be done to them. Everything that is
 * announced is really told: the pseudo actions become required where an instance starts, stops, ...
 */
export function createNotifications(builder: ActionBuilder, clone: Resource): void {
  const planned: CloneNotifications | undefined = builder.notifications.get(clone);
  if (planned === undefined) return;
  for (const task of TASKS) {
    const notification = planned.get(task);
    if (notification === undefined) continue;
    // Looked at again each time: telling of one task adds actions of its own.
    const situation = collectSituation(builder, clone);
    if (situation.actions[task].length > 0) makeRequired(notification);
    notifyInstances(builder, clone, {
      notification,
      data: notificationData(builder, clone, situation),
      // A stop may follow from fencing without being seen here; the others are told of only where they happen.
      isNeeded: task === 'stop' || situation.actions[task].length > 0,
      roleOf: (instance) => settledRole(builder, instance),
    });
  }
}

function makeRequired(notification: Notification): void {
  for (const phase of [notification.before, notification.after]) {
    if (phase === undefined) continue;
    phase.begin.isOptional = false;
    phase.end.isOptional = false;
  }
}

/** What is told, and to whom. */
export interface Telling {
  readonly notification: Notification;
  readonly data: NotificationData;
  /** `false`: only the actions that are told of get the data. */
  readonly isNeeded: boolean;
  readonly roleOf: (resource: Resource) => Role;
}

/** Tells each primitive below `resource`, and adds the data to the actions that are told of. */
export function notifyInstances(builder: ActionBuilder, resource: Resource, telling: Telling): void {
  const { notification, data, isNeeded } = telling;
  const { task } = notification;
  for (const primitive of primitivesOf(builder, resource)) {
    for (const action of builder.of(primitive)) {
      if (action.isOptional || action.node === undefined) continue;
      if (notifiedTask(action.task) !== undefined) addData(action, data);
    }
    if (!isNeeded) continue;
    if (task === 'stop' || task === 'demote') {
      tellWhereActive(builder, primitive, telling);
    } else {
      tellWhereAssigned(builder, primitive, notification, data);
    }
  }
}

function tellWhereActive(builder: ActionBuilder, resource: Resource, telling: Telling): void {
  const { notification, data } = telling;
  if (telling.roleOf(resource) === ROLE.stopped) return;
  const stop = newestAction(builder, resource, 'stop');
  for (const node of resource.runningOn) {
    // Nobody is left to be told where fencing stands for the stop.
    if (stop?.isPseudo === true && builder.isUnclean(node)) continue;
    tell(builder, resource, node, notification.before, data);
    if (notification.task === 'demote' || stop === undefined || stop.isOptional) {
      tellAfterwards(builder, resource, node, notification.after, data);
    }
  }
}

function tellWhereAssigned(
  builder: ActionBuilder,
  resource: Resource,
  notification: Notification,
  data: NotificationData,
): void {
  const node = builder.destination(resource);
  if (node === undefined || builder.nextRole(resource) === ROLE.stopped) return;
  const start = newestAction(builder, resource, 'start');
  if (notification.task !== 'start' || start === undefined || start.isOptional) {
    tell(builder, resource, node, notification.before, data);
  }
  tellAfterwards(builder, resource, node, notification.after, data);
}

function tell(
  builder: ActionBuilder,
  resource: Resource,
  node: Node,
  phase: NotificationPhase | undefined,
  data: NotificationData,
): Action | undefined {
  if (phase === undefined || !node.isOnline || !phase.begin.isRunnable) return undefined;
  const { begin, end } = phase;
  const type = begin.extra.get('notify_type') ?? '';
  const task = begin.extra.get('notify_operation') ?? '';
  const action = builder.ensure({
    resource,
    key: notificationKey(resource.id, type, task),
    task: begin.task,
    node,
    isOptional: begin.isOptional,
    isSaved: true,
  });
  for (const [name, value] of begin.extra) setIfAbsent(action.extra, name, value);
  addData(action, data);
  builder.link(begin, action, LINK.sequence);
  builder.link(action, end, LINK.sequence);
  return action;
}

function tellAfterwards(
  builder: ActionBuilder,
  resource: Resource,
  node: Node,
  phase: NotificationPhase | undefined,
  data: NotificationData,
): void {
  const action = tell(builder, resource, node, phase, data);
  if (action !== undefined) action.priority = HIGHEST_PRIORITY;
  if (phase === undefined) return;
  for (const monitor of builder.of(resource)) {
    if (monitor.interval === 0 || monitor.task === 'cancel') continue;
    builder.link(phase.end, monitor, LINK.sequence);
  }
}

function addData(action: Action, data: NotificationData): void {
  for (const [name, value] of data) setIfAbsent(action.extra, name, value);
}
