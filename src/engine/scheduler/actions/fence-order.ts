import { orderNotificationsAfterFencing } from '../notify/fencing.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { LINK, type Action } from './action.ts';
import { matchingActions, newestAction } from './find.ts';
import { actionKey } from './key.ts';
import { topOf } from './place.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/**
 * Orders everything relative to the fencing of a node: starts and promotions wait for it where they need that; stops
 * and demotions on that node could never be carried out and are done by the fencing.
 */
export function orderAroundFencing(builder: ActionBuilder, fencing: Action): void {
  const target = fencing.node;
  if (target === undefined) return;
  for (const resource of builder.assigned.resources) {
    orderResource(builder, resource, fencing, target);
  }
}

function orderResource(builder: ActionBuilder, resource: Resource, fencing: Action, target: Node): void {
  if (resource.kind !== 'primitive') {
    for (const child of builder.childrenOf(resource)) orderResource(builder, child, fencing, target);
  } else if (builder.isManaged(resource)) {
    orderStarts(builder, resource, fencing, target);
    implyStops(builder, resource, fencing, target);
    implyDemotions(builder, resource, fencing, target);
  }
}

function orderStarts(builder: ActionBuilder, resource: Resource, fencing: Action, target: Node): void {
  for (const action of builder.of(resource)) {
    switch (action.needs) {
      case 'nothing':
        break;
      case 'fencing':
        builder.link(fencing, action, LINK.sequence);
        break;
      case 'quorum':
        // It might run on the node that is to be shot; nobody knows.
        if (action.task === TASK.start && mayRunUnknown(builder, resource, target)) {
          builder.link(fencing, action, LINK.sequence | LINK.thenNeedsFirstRunnable);
        }
    }
  }
}

function mayRunUnknown(builder: ActionBuilder, resource: Resource, target: Node): boolean {
  if (builder.assigned.assignments[resource.index]?.scores.has(target) !== true) return false;
  if (resource.knownOn.has(target)) return false;
  const { parent } = resource;
  const isAnonymousInstance = parent?.kind === 'clone' && !parent.isUnique;
  return !(isAnonymousInstance && parent.knownOn.has(target));
}

function implyStops(builder: ActionBuilder, resource: Resource, fencing: Action, target: Node): void {
  const stops = matchingActions(builder, resource, actionKey(resource, TASK.stop), target);
  if (stops.length === 0) return;
  const isOrdered = resource.needs.fencing;
  const stopOfTop = isOrdered ? newestAction(builder, topOf(resource), TASK.stop) : undefined;
  for (const stop of stops) {
    stop.isPseudo = true;
    stop.isRunnable = true;
    if (isOrdered) {
      stop.isImpliedByFencing = true;
      builder.link(fencing, stop, LINK.preserve);
      if (stopOfTop !== undefined) builder.link(fencing, stopOfTop, LINK.preserve);
    }
    if (resource.wantsNotifications) orderNotificationsAfterFencing(builder, stop, resource, fencing);
  }
}

function implyDemotions(builder: ActionBuilder, resource: Resource, fencing: Action, target: Node): void {
  for (const demotion of matchingActions(builder, resource, actionKey(resource, TASK.demote), target)) {
    const isLost = !target.isOnline || builder.isUnclean(target) || resource.isFailed;
    if (!isLost) continue;
    demotion.isPseudo = true;
    demotion.isRunnable = true;
    if (resource.needs.fencing) builder.link(fencing, demotion, LINK.preserve | LINK.sequence);
  }
}
