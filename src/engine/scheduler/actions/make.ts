import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Action } from './action.ts';
import { actionKey } from './key.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/** One operation of a resource on a node, found or made. `interval` in milliseconds. */
export function resourceAction(
  builder: ActionBuilder,
  resource: Resource,
  task: string,
  node: Node | undefined,
  isOptional: boolean,
  interval = 0,
): Action {
  const key = actionKey(resource, task, interval);
  return builder.ensure({ resource, key, task, node, isOptional, isSaved: true });
}

export function startAction(
  builder: ActionBuilder,
  resource: Resource,
  node: Node | undefined,
  isOptional: boolean,
): Action {
  return resourceAction(builder, resource, TASK.start, node, isOptional);
}

export function stopAction(
  builder: ActionBuilder,
  resource: Resource,
  node: Node | undefined,
  isOptional: boolean,
): Action {
  return resourceAction(builder, resource, TASK.stop, node, isOptional);
}

export function promoteAction(
  builder: ActionBuilder,
  resource: Resource,
  node: Node | undefined,
  isOptional: boolean,
): Action {
  return resourceAction(builder, resource, TASK.promote, node, isOptional);
}

export function demoteAction(
  builder: ActionBuilder,
  resource: Resource,
  node: Node | undefined,
  isOptional: boolean,
): Action {
  return resourceAction(builder, resource, TASK.demote, node, isOptional);
}

/** What a group or clone as a whole does: nothing but a point in the sequence. */
export function pseudoAction(
  builder: ActionBuilder,
  resource: Resource,
  task: string,
  isOptional: boolean,
  isRunnable: boolean,
): Action {
  const action = resourceAction(builder, resource, task, undefined, isOptional);
  action.isPseudo = true;
  if (isRunnable) action.isRunnable = true;
  return action;
}

/** A point in the sequence that belongs to no resource, by name (`load_stopped_node1`). Optional until asked for. */
export function pseudoPoint(builder: ActionBuilder, name: string): Action {
  const known = builder.singletons.get(name);
  if (known !== undefined) return known;
  const action = builder.ensure({
    resource: undefined,
    key: name,
    task: name,
    node: undefined,
    isOptional: true,
    isSaved: true,
  });
  action.isPseudo = true;
  action.isRunnable = true;
  return action;
}

/** Ends a recurring operation. It has the key of that operation and takes its place. */
export function cancelAction(
  builder: ActionBuilder,
  resource: Resource,
  task: string,
  interval: number,
  node: Node,
): Action {
  const key = actionKey(resource, task, interval);
  const action = builder.ensure({
    resource,
    key,
    task: TASK.cancel,
    node,
    isOptional: false,
    isSaved: true,
  });
  action.task = TASK.cancel;
  action.cancelTask = task;
  action.extra.set('operation', task);
  action.extra.set('interval', String(interval));
  return action;
}

/** Forgets how often a resource failed on a node. Nobody waits for it. */
export function clearFailures(builder: ActionBuilder, resource: Resource, node: Node): Action {
  const action = resourceAction(builder, resource, TASK.clearFailures, node, false);
  action.extra.set('op_no_wait', 'true');
  return action;
}

/** Erases a resource's history on a node. */
export function forgetHistory(builder: ActionBuilder, resource: Resource, node: Node): Action {
  return resourceAction(builder, resource, TASK.forget, node, false);
}
