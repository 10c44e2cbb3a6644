import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { LINK, type LinkFlags } from './action.ts';
import { actionKey } from './key.ts';
import { resourceAction, startAction, stopAction } from './make.ts';
import { partialTarget } from './place.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/** Whether a resource that moves may be migrated alive: it and both nodes must be in good order. */
export function mayMigrateFrom(builder: ActionBuilder, resource: Resource, current: Node): boolean {
  const destination = builder.destination(resource);
  return (
    resource.mayMigrate &&
    builder.isManaged(resource) &&
    !resource.isFailed &&
    !builder.startPending.has(resource) &&
    !builder.isUnclean(current) &&
    destination !== undefined &&
    !builder.isUnclean(destination)
  );
}

/**
 * Plans a live migration beside the stop and start it replaces: those stay in the table, the start as a pseudo action,
 * so that whatever is ordered relative to them is ordered relative to the migration. One that has been begun is only
 * completed.
 */
export function planMigration(builder: ActionBuilder, resource: Resource, current: Node): void {
  const destination = builder.destination(resource);
  if (destination === undefined) return;
  const isBegun = partialTarget(builder, resource) !== undefined;
  const start = startAction(builder, resource, destination, true);
  const stop = stopAction(builder, resource, current, true);
  const leave = isBegun ? undefined : resourceAction(builder, resource, TASK.migrateTo, current, true);
  const arrive = resourceAction(builder, resource, TASK.migrateFrom, destination, true);
  start.isMigrateRunnable = true;
  stop.isMigrateRunnable = true;
  start.isPseudo = true;
  arrive.isMigrateRunnable = true;

  const order = (first: string, then: string, flags: LinkFlags): void => {
    builder.request(
      { resource, key: actionKey(resource, first), action: undefined },
      { resource, key: actionKey(resource, then), action: undefined },
      flags,
    );
  };
  const together = LINK.sequence | LINK.thenImpliesFirstMigratable;
  if (leave === undefined) {
    arrive.needs = start.needs;
    order(TASK.monitor, TASK.migrateFrom, LINK.sequence);
  } else {
    leave.isMigrateRunnable = true;
    leave.needs = start.needs;
    order(TASK.monitor, TASK.migrateTo, LINK.sequence);
    order(TASK.migrateTo, TASK.migrateFrom, together);
  }
  order(TASK.migrateFrom, TASK.stop, together);
  order(TASK.migrateFrom, TASK.start, together | LINK.pseudoThenIfFirstRunnable);

  for (const action of leave === undefined ? [arrive] : [leave, arrive]) {
    action.extra.set('migrate_source', current.name);
    action.extra.set('migrate_target', destination.name);
  }
  // What is under way must be known even if the source is lost meanwhile.
  leave?.extra.set('record-pending', 'true');
}
