import type { Action, LinkFlags, OrderingEnd } from '../actions/action.ts';
import { actionKey } from '../actions/key.ts';
import type { ActionBuilder } from '../actions/table.ts';
import type { Resource } from '../unpack/resource.ts';

/** What a resource does, whichever actions that will be. */
export function taskEnd(resource: Resource, task: string): OrderingEnd {
  return { resource, key: actionKey(resource, task), action: undefined };
}

export function actionEnd(action: Action): OrderingEnd {
  return { resource: action.resource, key: action.key, action };
}

/** Remembers an ordering between what two resources do. */
export function orderTasks(
  builder: ActionBuilder,
  first: Resource,
  firstTask: string,
  then: Resource,
  thenTask: string,
  flags: LinkFlags,
): void {
  builder.request(taskEnd(first, firstTask), taskEnd(then, thenTask), flags);
}
