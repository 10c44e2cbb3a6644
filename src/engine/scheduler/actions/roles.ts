import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import { LINK } from './action.ts';
import { planCleanup, removesAfterStop } from './cleanup.ts';
import { fenceAction } from './fence.ts';
import { exactActions } from './find.ts';
import { actionKey } from './key.ts';
import { demoteAction, promoteAction, startAction, stopAction } from './make.ts';
import { partialTarget } from './place.ts';
import { setReason } from './reason.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';
import { orderAfterUnfencing } from './unfence.ts';

/** One change of role at a time; several make up the way from one role to another. */
export type Step = 'start' | 'stop' | 'promote' | 'demote';

/** The role that comes next on the way to another one: nothing is promoted before it is started, and so back. */
export function roleTowards(role: Role, target: Role): Role {
  switch (role) {
    case ROLE.unknown:
      return target === ROLE.unknown ? ROLE.unknown : ROLE.stopped;
    case ROLE.stopped:
      if (target === ROLE.started) return ROLE.started;
      return target > ROLE.started ? ROLE.unpromoted : ROLE.stopped;
    case ROLE.started:
      return target === ROLE.unknown ? ROLE.stopped : target;
    case ROLE.unpromoted:
      return target >= ROLE.unpromoted ? target : ROLE.stopped;
    case ROLE.promoted:
      if (target === ROLE.unknown) return ROLE.stopped;
      return target === ROLE.promoted ? ROLE.promoted : ROLE.unpromoted;
  }
}

/** What leads from one role to the one next to it; `undefined`: nothing has to be done. */
export function stepBetween(role: Role, next: Role): Step | undefined {
  if (role === next) return undefined;
  if (role === ROLE.promoted) return 'demote';
  if (next === ROLE.promoted) return 'promote';
  if (next === ROLE.stopped) return 'stop';
  if (role === ROLE.stopped) return 'start';
  return role === ROLE.unpromoted ? 'stop' : undefined;
}

/** Plans one change of role. Stops and demotions happen wherever it runs, the others on `node`. */
export function planStep(
  builder: ActionBuilder,
  resource: Resource,
  step: Step,
  node: Node | undefined,
  isOptional: boolean,
): void {
  switch (step) {
    case 'stop':
      for (const current of resource.runningOn) planStop(builder, resource, current, isOptional);
      return;
    case 'demote':
      for (const current of resource.runningOn) {
        if (!isExpected(builder, resource, current)) demoteAction(builder, resource, current, isOptional);
      }
      return;
    case 'start':
      if (node !== undefined) planStart(builder, resource, node, isOptional);
      return;
    case 'promote':
      if (node !== undefined) planPromotion(builder, resource, node, isOptional);
  }
}

/** Active too often, and here it may go on: only the other places are stopped. */
function isExpected(builder: ActionBuilder, resource: Resource, node: Node): boolean {
  return (
    builder.stopUnexpected.has(resource) &&
    builder.restarting.has(resource) &&
    builder.nextRole(resource) > ROLE.stopped &&
    builder.destination(resource) === node
  );
}

function planStop(builder: ActionBuilder, resource: Resource, node: Node, isOptional: boolean): void {
  if (isExpected(builder, resource, node)) return;
  const destination = builder.destination(resource);
  let isRequired = !isOptional;
  const target = partialTarget(builder, resource);
  if (target !== undefined) {
    // A migration to there goes on.
    if (target === node && destination === node) return;
    isRequired = true;
  }
  const stop = stopAction(builder, resource, node, !isRequired);
  if (destination === undefined) {
    setReason(stop, 'node availability', true);
  } else if (builder.restarting.has(resource) && builder.stopUnexpected.has(resource)) {
    setReason(stop, 'being multiply active', true);
  }
  if (!builder.isManaged(resource)) stop.isRunnable = false;
  if (removesAfterStop(builder)) planCleanup(builder, resource, node, !isRequired);
  if (resource.needs.unfencing) {
    const unfencing = fenceAction(builder, node, 'on', true, undefined, false);
    builder.link(stop, unfencing, LINK.thenImpliesFirst);
  }
}

function planStart(builder: ActionBuilder, resource: Resource, node: Node, isOptional: boolean): void {
  const start = startAction(builder, resource, node, true);
  orderAfterUnfencing(builder, resource, node, start, LINK.firstImpliesThen);
  if (start.isRunnable && !isOptional) start.isOptional = false;
  if (isExpected(builder, resource, node)) start.isPseudo = true;
}

function planPromotion(builder: ActionBuilder, resource: Resource, node: Node, isOptional: boolean): void {
  const starts = exactActions(builder, resource, actionKey(resource, TASK.start), node);
  if (starts.every((start) => start.isRunnable)) {
    const promotion = promoteAction(builder, resource, node, isOptional);
    if (isExpected(builder, resource, node)) promotion.isPseudo = true;
    return;
  }
  for (const promotion of exactActions(builder, resource, actionKey(resource, TASK.promote), node)) {
    promotion.isRunnable = false;
  }
}
