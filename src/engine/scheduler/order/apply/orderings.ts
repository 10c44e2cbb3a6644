import { LINK, type Action, type Ordering } from '../../actions/action.ts';
import { actionKey, parseActionKey } from '../../actions/key.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { TASK } from '../../actions/task.ts';
import { ROLE, type Resource } from '../../unpack/resource.ts';
import { stateOf } from './state.ts';

/**
 * Turns remembered orderings into links between actions, in the sequence in which they were asked for. That sequence
 * counts: where what goes first does not exist, it may be made here, and is then there for what comes later.
 */
export function applyOrderings(builder: ActionBuilder): void {
  // Nothing is asked for meanwhile.
  for (const ordering of builder.orderings) {
    const { first, then } = ordering;
    if (first.resource !== undefined) applyFrom(builder, ordering, first.resource);
    else if (first.action === undefined) continue;
    else if (then.resource !== undefined) linkAfter(builder, ordering, first.action, then.resource);
    else if (then.action !== undefined) builder.link(first.action, then.action, ordering.flags);
  }
}

function applyFrom(builder: ActionBuilder, ordering: Ordering, resource: Resource): void {
  const { then } = ordering;
  const thenResource = then.resource ?? then.action?.resource;
  for (const first of firstActions(builder, ordering, resource)) {
    if (thenResource !== undefined) linkAfter(builder, ordering, first, thenResource);
    else if (then.action !== undefined) builder.link(first, then.action, ordering.flags);
  }
}

function firstActions(builder: ActionBuilder, ordering: Ordering, resource: Resource): readonly Action[] {
  const { action, key } = ordering.first;
  if (action !== undefined) return [action];
  if (key === undefined) return [];
  const found = actionsByKey(builder, resource, key);
  if (found.length > 0 || resource === ordering.then.resource) return found;
  const parsed = parseActionKey(key);
  if (parsed === undefined) return [];
  // What is not up need not go down, so nothing has to wait for that.
  const role = stateOf(builder, resource);
  if (role === ROLE.stopped && parsed.task === TASK.stop) return [];
  if (role === ROLE.unpromoted && parsed.task === TASK.demote) return [];
  return [
    builder.ensure({
      resource,
      key: actionKey(resource, parsed.task, parsed.interval),
      task: parsed.task,
      node: undefined,
      isOptional: true,
      isSaved: true,
    }),
  ];
}

function linkAfter(builder: ActionBuilder, ordering: Ordering, first: Action, resource: Resource): void {
  const { action, key } = ordering.then;
  let thens: readonly Action[] = [];
  if (action !== undefined) thens = [action];
  else if (key !== undefined) thens = actionsByKey(builder, resource, key);
  // The stop of a migration that went wrong says nothing about what is done where the resource is now.
  const isDangling = first.resource === resource && first.isDangling;
  const flags = isDangling ? ordering.flags & ~LINK.firstImpliesThen : ordering.flags;
  for (const then of thens) builder.link(first, then, flags);
}

/** By key, which may name another resource (the clone an instance belongs to); then its own counts. */
function actionsByKey(builder: ActionBuilder, resource: Resource, key: string): readonly Action[] {
  const found = builder.keyed(resource, key);
  if (found.length > 0) return found;
  const parsed = parseActionKey(key);
  if (parsed === undefined || parsed.id === resource.id) return [];
  return builder.keyed(resource, actionKey(resource, parsed.task, parsed.interval));
}
