import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { planCleanup, removesAfterStop } from './cleanup.ts';
import { startAction, stopAction } from './make.ts';
import { mayMigrateFrom, planMigration } from './migrate.ts';
import { currentNode, isBlocked, partialSource, partialTarget } from './place.ts';
import { planRecurringOperations } from './recurring.ts';
import { planStep, roleTowards, stepBetween } from './roles.ts';
import type { ActionBuilder } from './table.ts';

/**
 * Plans everything that one primitive may need to get from where it is to where it shall be: the way down and up again
 * (required only if something asks for a restart), the way from its role to the next one, monitoring, live migration.
 */
export function planPrimitive(builder: ActionBuilder, resource: Resource): void {
  const destination = builder.destination(resource);
  if (builder.nextRole(resource) === ROLE.unknown) {
    builder.setNextRole(resource, destination === undefined ? ROLE.stopped : ROLE.started);
  }
  const current = currentNode(builder, resource);
  for (const source of resource.danglingMigrations) abortMigration(builder, resource, source);

  const isMoving =
    current !== undefined &&
    destination !== undefined &&
    current !== destination &&
    builder.nextRole(resource) >= ROLE.started;
  const mayMigrate = isMoving && mayMigrateFrom(builder, resource, current);
  const isMigrating = checkMigration(builder, resource, current, mayMigrate);
  const isTooActive = isMigrating === 'none' && checkTooActive(builder, resource);
  if (isTooActive && resource.multipleActive === 'stop-unexpected') builder.stopUnexpected.add(resource);
  else if (!isTooActive) builder.stopUnexpected.delete(resource);

  if (builder.startPending.has(resource)) {
    startAction(builder, resource, destination, true).isShownAlways = true;
  }

  let isStopNeeded = isMoving || isMigrating === 'broken';
  if (isTooActive) isStopNeeded ||= restartsWhenTooActive(resource);
  let isPromotionNeeded = false;
  if (isMoving) {
    // What follows is about resources that stay where they are.
  } else if (resource.isFailed) {
    if (resource.mustStop) isStopNeeded = true;
    else isPromotionNeeded = builder.nextRole(resource) === ROLE.promoted;
  } else if (isBlocked(builder, resource)) {
    isStopNeeded = true;
  } else if (
    builder.currentRole(resource) > ROLE.started &&
    current !== undefined &&
    destination !== undefined
  ) {
    if (!startAction(builder, resource, destination, true).isOptional) isStopNeeded = true;
  }

  planRestart(builder, resource, current, isStopNeeded, isPromotionNeeded);
  planRoleChange(builder, resource);
  planRecurringOperations(builder, resource);
  if (mayMigrate && isMigrating !== 'broken') planMigration(builder, resource, current);
}

/** A migration that came to nothing, and of which the source may still run something. */
function abortMigration(builder: ActionBuilder, resource: Resource, source: Node): void {
  stopAction(builder, resource, source, false).isDangling = true;
  if (removesAfterStop(builder)) planCleanup(builder, resource, source, false);
}

/** Whether a migration is under way, and can go on as it was begun. */
function checkMigration(
  builder: ActionBuilder,
  resource: Resource,
  current: Node | undefined,
  mayMigrate: boolean,
): 'none' | 'continued' | 'broken' {
  const source = partialSource(builder, resource);
  const target = partialTarget(builder, resource);
  if (source === undefined && target === undefined) return 'none';
  const goesOn =
    source !== undefined &&
    target !== undefined &&
    mayMigrate &&
    resource.runningOn.length === 2 &&
    current === source &&
    builder.destination(resource) === target;
  if (goesOn) return 'continued';
  builder.abandonedMigrations.add(resource);
  return 'broken';
}

/** What needs no fencing does not count as running on lost nodes: it may be started elsewhere before they are fenced. */
function checkTooActive(builder: ActionBuilder, resource: Resource): boolean {
  if (resource.needs.fencing) return resource.runningOn.length > 1;
  return resource.runningOn.filter((node) => node.isOnline && !builder.isUnclean(node)).length > 1;
}

function restartsWhenTooActive(resource: Resource): boolean {
  return resource.multipleActive === 'stop-start' || resource.multipleActive === 'stop-unexpected';
}

function planRestart(
  builder: ActionBuilder,
  resource: Resource,
  current: Node | undefined,
  isStopNeeded: boolean,
  isPromotionNeeded: boolean,
): void {
  builder.restarting.add(resource);
  const original = builder.currentRole(resource);
  let role = original;
  while (role !== ROLE.stopped) {
    const next = roleTowards(role, ROLE.stopped);
    const step = stepBetween(role, next);
    if (step === undefined) break;
    planStep(builder, resource, step, current, !isStopNeeded);
    role = next;
  }
  while (original <= builder.nextRole(resource) && role !== original && !isBlocked(builder, resource)) {
    const next = roleTowards(role, original);
    const isRequired = isStopNeeded || (next === ROLE.promoted && isPromotionNeeded);
    const step = stepBetween(role, next);
    if (step === undefined) break;
    planStep(builder, resource, step, builder.destination(resource), !isRequired);
    role = next;
  }
  builder.restarting.delete(resource);
}

function planRoleChange(builder: ActionBuilder, resource: Resource): void {
  let role = builder.currentRole(resource);
  while (role !== builder.nextRole(resource)) {
    const next = roleTowards(role, builder.nextRole(resource));
    const step = stepBetween(role, next);
    if (step === undefined) break;
    planStep(builder, resource, step, builder.destination(resource), false);
    role = next;
  }
}
