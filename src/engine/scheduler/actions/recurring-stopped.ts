import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { LINK, type Action } from './action.ts';
import { exactActions, matchingActions } from './find.ts';
import { actionKey } from './key.ts';
import { cancelAction, resourceAction } from './make.ts';
import type { Recurring } from './recurring.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/** The exit code that tells: stopped. */
const NOT_RUNNING = '7';

/** Instances of anonymous clones cannot be monitored where they do not run: nobody knows which one that would be. */
export function planWhileStopped(
  builder: ActionBuilder,
  resource: Resource,
  node: Node | undefined,
  recurring: Recurring,
): void {
  if (!resource.isUnique) return;
  for (const stopped of builder.assigned.scored.unpacked.nodes) {
    if (stopped === node) {
      cancelBeforeStart(builder, resource, stopped, recurring);
      continue;
    }
    const isOptional = exactActions(builder, resource, recurring.key, stopped).length > 0;
    const { task, interval } = recurring;
    const monitor = resourceAction(builder, resource, task, stopped, isOptional, interval);
    monitor.extra.set('op_target_rc', NOT_RUNNING);
    if (builder.isManaged(resource)) {
      for (const probe of matchingActions(builder, resource, actionKey(resource, TASK.monitor), stopped)) {
        builder.link(probe, monitor, LINK.thenNeedsFirstRunnable);
      }
    }
    orderAfterStops(builder, resource, stopped, monitor);
    if (!stopped.isOnline || builder.isUnclean(stopped)) monitor.isRunnable = false;
  }
}

function cancelBeforeStart(
  builder: ActionBuilder,
  resource: Resource,
  node: Node,
  recurring: Recurring,
): void {
  if (exactActions(builder, resource, recurring.key, node).length === 0) return;
  const cancel = cancelAction(builder, resource, recurring.task, recurring.interval, node);
  const nextRole = builder.nextRole(resource);
  if (nextRole !== ROLE.started && nextRole !== ROLE.unpromoted) return;
  builder.request(
    { resource, key: undefined, action: cancel },
    { resource, key: actionKey(resource, TASK.start), action: undefined },
    LINK.thenNeedsFirstRunnable,
  );
}

function orderAfterStops(builder: ActionBuilder, resource: Resource, node: Node, monitor: Action): void {
  const isManaged = builder.isManaged(resource);
  for (const stop of exactActions(builder, resource, actionKey(resource, TASK.stop), node)) {
    if (!stop.isOptional && !monitor.isOptional && !isManaged) monitor.isOptional = true;
    if (!stop.isRunnable) monitor.isRunnable = false;
    if (!isManaged) continue;
    builder.request(
      { resource, key: actionKey(resource, TASK.stop), action: stop },
      { resource: undefined, key: undefined, action: monitor },
      LINK.firstImpliesThen | LINK.thenNeedsFirstRunnable,
    );
  }
}
