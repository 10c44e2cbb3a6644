import type { OperationDefinition } from '../../../model/index.ts';
import type { Node } from '../unpack/node.ts';
import { findOperation, isEnabled, operationInterval } from '../unpack/operation.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import { parseRole } from '../rules/values.ts';
import { LINK, type Action } from './action.ts';
import { exactActions } from './find.ts';
import { actionKey } from './key.ts';
import { cancelAction, resourceAction, startAction } from './make.ts';
import { isBlocked } from './place.ts';
import { planWhileStopped } from './recurring-stopped.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/** What changes the state of a resource cannot be repeated. */
const NEVER_RECURRING = new Set<string>([
  TASK.stop,
  TASK.start,
  TASK.demote,
  TASK.promote,
  TASK.reload,
  TASK.migrateTo,
  TASK.migrateFrom,
]);

/** The exit code that tells: promoted. */
const PROMOTED = '8';

export interface Recurring {
  readonly task: string;
  /** Milliseconds. */
  readonly interval: number;
  readonly key: string;
  /** `unknown`: for every role but promoted. */
  readonly role: Role;
}

/**
 * Plans the recurring operations of a primitive: those of the role it will have where it will be, those of the role
 * `Stopped` everywhere else. Those of another role are cancelled.
 */
export function planRecurringOperations(builder: ActionBuilder, resource: Resource): void {
  if (isBlocked(builder, resource) || resource.isInMaintenance) return;
  const node = builder.destination(resource);
  let start: Action | undefined;
  if (node !== undefined && !node.isInMaintenance) {
    if (builder.nextRole(resource) !== ROLE.stopped || !builder.isManaged(resource)) {
      start = startAction(builder, resource, node, true);
    }
  }
  for (const definition of resource.operations) {
    const recurring = recurringOf(resource, definition);
    if (recurring === undefined) continue;
    if (recurring.role === ROLE.stopped) planWhileStopped(builder, resource, node, recurring);
    else if (start !== undefined) planWhileActive(builder, resource, start, node, recurring);
  }
}

/** `undefined` where a definition is of nothing that recurs, or is disabled, or says the same as another one. */
function recurringOf(resource: Resource, definition: OperationDefinition): Recurring | undefined {
  const interval = operationInterval(definition);
  if (interval === 0) return undefined;
  const task = definition.fields['name'] ?? '';
  if (definition.id === undefined || NEVER_RECURRING.has(task)) return undefined;
  if (isRepeated(resource.operations, task, interval)) return undefined;
  if (!isEnabled(definition) && findOperation(resource, task, interval) === undefined) return undefined;
  const role = definition.fields['role'];
  return {
    task,
    interval,
    key: actionKey(resource, task, interval),
    role: role === undefined ? ROLE.unknown : parseRole(role),
  };
}

function isRepeated(operations: readonly OperationDefinition[], task: string, interval: number): boolean {
  if (operations.length < 2) return false;
  const equal = operations.filter(
    (other) =>
      other.fields['name'] === task && other.id !== undefined && operationInterval(other) === interval,
  );
  return equal.length > 1;
}

function planWhileActive(
  builder: ActionBuilder,
  resource: Resource,
  start: Action,
  node: Node | undefined,
  recurring: Recurring,
): void {
  const nextRole = builder.nextRole(resource);
  const isOptional = isRunningAlready(builder, resource, start, node, recurring);
  const isOfOtherRole =
    recurring.role === ROLE.unknown ? nextRole === ROLE.promoted : nextRole !== recurring.role;
  if (isOfOtherRole) {
    if (isOptional && node !== undefined) cancelForRole(builder, resource, node, recurring);
    return;
  }
  const monitor = resourceAction(builder, resource, recurring.task, node, isOptional, recurring.interval);
  if (!start.isRunnable || node === undefined || !node.isOnline || builder.isUnclean(node)) {
    monitor.isRunnable = false;
  }
  if (nextRole === ROLE.promoted) monitor.extra.set('op_target_rc', PROMOTED);
  if (node === undefined || builder.isManaged(resource)) orderAfterStart(builder, resource, monitor);
}

function isRunningAlready(
  builder: ActionBuilder,
  resource: Resource,
  start: Action,
  node: Node | undefined,
  recurring: Recurring,
): boolean {
  if (node === undefined || !start.isOptional) return false;
  const running = exactActions(builder, resource, recurring.key, node);
  return running.length > 0 && !running.some((action) => action.isRescheduled);
}

function cancelForRole(builder: ActionBuilder, resource: Resource, node: Node, recurring: Recurring): void {
  const cancel = cancelAction(builder, resource, recurring.task, recurring.interval, node);
  const nextRole = builder.nextRole(resource);
  const role = builder.currentRole(resource);
  let then: string | undefined;
  if (role === ROLE.promoted) {
    then = TASK.demote;
  } else if (role === ROLE.started || role === ROLE.unpromoted) {
    if (nextRole === ROLE.promoted) then = TASK.promote;
    else if (nextRole === ROLE.stopped) then = TASK.stop;
  }
  if (then === undefined) return;
  builder.request(
    { resource, key: undefined, action: cancel },
    { resource, key: actionKey(resource, then), action: undefined },
    LINK.thenNeedsFirstRunnable,
  );
}

function orderAfterStart(builder: ActionBuilder, resource: Resource, monitor: Action): void {
  const after = (task: string, flags: number): void => {
    builder.request(
      { resource, key: actionKey(resource, task), action: undefined },
      { resource, key: undefined, action: monitor },
      flags,
    );
  };
  after(TASK.start, LINK.firstImpliesThen | LINK.thenNeedsFirstRunnable);
  after(TASK.reload, LINK.firstImpliesThen | LINK.thenNeedsFirstRunnable);
  if (builder.nextRole(resource) === ROLE.promoted) {
    after(TASK.promote, LINK.sequence | LINK.thenNeedsFirstRunnable);
  } else if (builder.currentRole(resource) === ROLE.promoted) {
    after(TASK.demote, LINK.sequence | LINK.thenNeedsFirstRunnable);
  }
}

/** Ends a recurring operation that runs, once the resource has been stopped if it is to be. */
export function planCancel(
  builder: ActionBuilder,
  resource: Resource,
  task: string,
  interval: number,
  node: Node,
  callId: string | undefined,
): void {
  const cancel = cancelAction(builder, resource, task, interval, node);
  if (callId !== undefined) cancel.extra.set('call-id', callId);
  builder.request(
    { resource, key: actionKey(resource, TASK.stop), action: undefined },
    { resource, key: undefined, action: cancel },
    LINK.sequence,
  );
}
