import type { Action } from '../actions/action.ts';
import type { ActionBuilder } from '../actions/table.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import type { NotifiedTask } from './notification.ts';

/** An instance and where it is, or where something is done to it. */
export interface Entry {
  readonly resource: Resource;
  readonly node: Node | undefined;
}

/** What there is to tell of a clone: the state of its instances, and what will be done to them. */
export interface Situation {
  readonly inactive: Entry[];
  readonly active: Entry[];
  readonly unpromoted: Entry[];
  readonly promoted: Entry[];
  readonly actions: Readonly<Record<NotifiedTask, Entry[]>>;
}

/**
 * Looks at a clone's primitives: their state, and what will be done to them.
 */
export function collectSituation(builder: ActionBuilder, clone: Resource): Situation {
  const situation: Situation = {
    inactive: [],
    active: [],
    unpromoted: [],
    promoted: [],
    actions: { start: [], stop: [], promote: [], demote: [] },
  };
  for (const primitive of primitivesOf(builder, clone)) {
    addState(builder, primitive, situation);
    for (const action of builder.of(primitive)) addAction(builder, primitive, action, situation);
  }
  return situation;
}

/** The primitives below a resource, in Pacemaker's order of instances; itself where it has no children. */
export function primitivesOf(builder: ActionBuilder, resource: Resource): Resource[] {
  const children = builder.childrenOf(resource);
  if (children.length === 0) return [resource];
  return children.flatMap((child) => primitivesOf(builder, child));
}

/** start, stop, promote and demote are what notifications are about. */
export function notifiedTask(task: string): NotifiedTask | undefined {
  return task === 'start' || task === 'stop' || task === 'promote' || task === 'demote' ? task : undefined;
}

/** What runs is not stopped any more, whatever phase one made of a recovery that is under way. */
export function settledRole(builder: ActionBuilder, resource: Resource): Role {
  const role = builder.currentRole(resource);
  return role === ROLE.stopped && resource.runningOn.length > 0 ? ROLE.started : role;
}

function addState(builder: ActionBuilder, resource: Resource, situation: Situation): void {
  const entry = { resource, node: resource.runningOn[0] };
  switch (settledRole(builder, resource)) {
    case ROLE.stopped:
      situation.inactive.push(entry);
      return;
    case ROLE.started:
      situation.active.push(entry);
      return;
    case ROLE.unpromoted:
      situation.unpromoted.push(entry);
      situation.active.push(entry);
      return;
    case ROLE.promoted:
      situation.promoted.push(entry);
      situation.active.push(entry);
      return;
    case ROLE.unknown:
      return;
  }
}

function addAction(builder: ActionBuilder, resource: Resource, action: Action, situation: Situation): void {
  const task = notifiedTask(action.task);
  if (task === undefined || action.isOptional || action.node === undefined) return;
  // The stop on a node that is to be fenced is told of, even where it cannot be fenced.
  const isStopOfLost = task === 'stop' && builder.isUnclean(action.node);
  if (!action.isRunnable && !isStopOfLost) return;
  situation.actions[task].push({ resource, node: action.node });
}
