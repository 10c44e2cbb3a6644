import { LINK, type Action } from '../actions/action.ts';
import type { ActionBuilder } from '../actions/table.ts';
import type { Resource } from '../unpack/resource.ts';
import type { CloneNotifications, Notification, NotificationPhase, NotifiedTask } from './notification.ts';

/** Priority of what must not be cut off when a transition is given up: telling that something is over. */
const HIGHEST_PRIORITY = 1_000_000;

/**
 * Plans what a clone's instances are told about one task: the pseudo actions before `action` and after `complete`, and
 * their sequence. Call it for start, stop, promote and demote in this order, each right after its two pseudo actions
 * were made. Does nothing for clones without `notify=true`.
 *
 * Rule: Pacemaker Explained, "Clone Notifications": pre-notifications are over before the task begins, post-
 * notifications begin when it is complete; what is told of demotions and stops is over before starts and promotions
 * are announced.
 */
export function planNotification(
  builder: ActionBuilder,
  clone: Resource,
  task: NotifiedTask,
  action: Action,
  complete: Action,
): void {
  if (!clone.wantsNotifications) return;
  let planned = builder.notifications.get(clone);
  if (planned === undefined) {
    planned = new Map();
    builder.notifications.set(clone, planned);
  }
  if (planned.has(task)) return;
  planned.set(task, makeNotification(builder, clone, task, action, complete));
  if (task === 'stop') {
    inSequence(builder, planned, 'stop', 'start');
  } else if (task === 'demote') {
    inSequence(builder, planned, 'stop', 'promote');
    inSequence(builder, planned, 'start', 'promote');
    inSequence(builder, planned, 'demote', 'promote');
    inSequence(builder, planned, 'demote', 'start');
    inSequence(builder, planned, 'demote', 'stop');
  }
}

/**
 * The pseudo actions of one notification.
 * @param action what is announced; `undefined` where nobody can be told beforehand (a node is fenced)
 */
export function makeNotification(
  builder: ActionBuilder,
  resource: Resource,
  task: NotifiedTask,
  action: Action | undefined,
  complete: Action,
): Notification {
  const before = action === undefined ? undefined : announce(builder, resource, task, action);
  const after = conclude(builder, resource, task, complete);
  if (before !== undefined) builder.link(before.end, after.begin, LINK.sequence);
  return { task, before, after };
}

function announce(
  builder: ActionBuilder,
  resource: Resource,
  task: NotifiedTask,
  action: Action,
): NotificationPhase {
  const begin = pseudoAction(builder, resource, action, 'notify', 'pre');
  begin.isRunnable = true;
  describe(begin, 'pre', task);
  const end = pseudoAction(builder, resource, action, 'notified', 'confirmed-pre');
  end.isRunnable = true;
  describe(end, 'pre', task);
  builder.link(begin, end, LINK.sequence);
  builder.link(end, action, LINK.sequence);
  return { begin, end };
}

function conclude(
  builder: ActionBuilder,
  resource: Resource,
  task: NotifiedTask,
  complete: Action,
): NotificationPhase {
  const begin = pseudoAction(builder, resource, complete, 'notify', 'post');
  begin.priority = HIGHEST_PRIORITY;
  begin.isRunnable = complete.isRunnable;
  describe(begin, 'post', task);
  const end = pseudoAction(builder, resource, complete, 'notified', 'confirmed-post');
  end.priority = HIGHEST_PRIORITY;
  end.isRunnable = complete.isRunnable;
  describe(end, 'post', task);
  builder.link(complete, begin, LINK.firstImpliesThen);
  builder.link(begin, end, LINK.firstImpliesThen);
  return { begin, end };
}

function pseudoAction(
  builder: ActionBuilder,
  resource: Resource,
  about: Action,
  task: 'notify' | 'notified',
  type: 'pre' | 'post' | 'confirmed-pre' | 'confirmed-post',
): Action {
  const action = builder.ensure({
    resource,
    key: notificationKey(resource.id, type, about.task),
    task,
    node: undefined,
    isOptional: about.isOptional,
    isSaved: true,
  });
  action.isPseudo = true;
  setIfAbsent(action.extra, 'notify_key_type', type);
  setIfAbsent(action.extra, 'notify_key_operation', about.task);
  return action;
}

function describe(action: Action, type: 'pre' | 'post', task: NotifiedTask): void {
  setIfAbsent(action.extra, 'notify_type', type);
  setIfAbsent(action.extra, 'notify_operation', task);
}

/** Key of a notification's action: `drbd:0_pre_notify_promote_0`. */
export function notificationKey(resourceId: string, type: string, task: string): string {
  return `${resourceId}_${type}_notify_${task}_0`;
}

/** The first value counts: what a fencing has told already is not told differently later. */
export function setIfAbsent(values: Map<string, string>, name: string, value: string): void {
  if (!values.has(name)) values.set(name, value);
}

function inSequence(
  builder: ActionBuilder,
  planned: CloneNotifications,
  first: NotifiedTask,
  then: NotifiedTask,
): void {
  const concluded = planned.get(first)?.after;
  const announced = planned.get(then)?.before;
  if (concluded !== undefined && announced !== undefined) {
    builder.link(concluded.end, announced.begin, LINK.sequence);
  }
}
