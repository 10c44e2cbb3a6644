import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { LINK } from './action.ts';
import { actionKey } from './key.ts';
import { resourceAction, stopAction } from './make.ts';
import { setReason } from './reason.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';
import { requireUnfencing } from './unfence.ts';

const CHANGED = 'resource definition change';

/** A change that only a restart applies. Where the resource will be is not known yet, so the action has no node. */
export function forceRestart(
  builder: ActionBuilder,
  resource: Resource,
  task: string,
  interval: number,
  node: Node,
): void {
  setReason(resourceAction(builder, resource, task, undefined, false, interval), CHANGED, true);
  requireUnfencing(builder, resource, node, 'Device parameters changed');
}

/** A recurring operation runs with other parameters from now on: the executor replaces it by the new one. */
export function reschedule(
  builder: ActionBuilder,
  resource: Resource,
  task: string,
  interval: number,
  node: Node,
): void {
  requireUnfencing(builder, resource, node, 'Device parameters changed (reschedule)');
  resourceAction(builder, resource, task, node, true, interval).isRescheduled = true;
}

/**
 * The agent takes over new parameters while the resource runs on. A stop or demotion that becomes necessary makes that
 * superfluous; what is still starting is restarted instead.
 */
export function planReload(builder: ActionBuilder, resource: Resource, node: Node): void {
  if (!builder.isManaged(resource) || resource.isFailed) return;
  if (builder.startPending.has(resource)) {
    stopAction(builder, resource, node, false);
    return;
  }
  builder.reloading.add(resource);
  const reload = resourceAction(builder, resource, TASK.reload, node, false);
  setReason(reload, CHANGED, false);
  for (const task of [TASK.stop, TASK.demote]) {
    builder.request(
      { resource: undefined, key: undefined, action: reload },
      { resource, key: actionKey(resource, task), action: undefined },
      LINK.sequence | LINK.thenCancelsFirst,
    );
  }
}
