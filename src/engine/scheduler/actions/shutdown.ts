import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { LINK, type Action } from './action.ts';
import { fenceAction, mayFence } from './fence.ts';
import { orderAroundFencing } from './fence-order.ts';
import { isBlocked } from './place.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/**
 * Plans which nodes are fenced and which are shut down, and in which sequence: the designated controller comes last,
 * so that no other has to be elected in between; without concurrent fencing one is fenced after the other.
 */
export function planFencingAndShutdowns(builder: ActionBuilder): void {
  const { resources, scored } = builder.assigned;
  const { settings, nodes } = scored.unpacked;
  const isWorthIt = resources.some((resource) => isAnyManaged(builder, resource));
  const fencings: Action[] = [];
  const shutdowns: Action[] = [];
  let controllerDown: Action | undefined;
  for (const node of nodes) {
    if (isWorthIt && builder.isUnclean(node) && mayFence(builder, node)) {
      const fencing = fenceAction(builder, node, undefined, false, 'node is unclean', false);
      orderAroundFencing(builder, fencing);
      if (node.isController) {
        controllerDown = fencing;
        continue;
      }
      const last = fencings.at(-1);
      if (!settings.mayFenceConcurrently && last !== undefined) builder.link(last, fencing, LINK.sequence);
      fencings.push(fencing);
    } else if (node.isOnline && node.isShuttingDown && node.type !== 'remote') {
      const shutdown = planShutdown(builder, node);
      if (node.isController) controllerDown = shutdown;
      else shutdowns.push(shutdown);
    }
  }
  if (controllerDown === undefined) return;
  if (controllerDown.task === TASK.shutDown) {
    for (const shutdown of shutdowns) builder.link(shutdown, controllerDown, LINK.sequence);
  }
  const before = settings.mayFenceConcurrently ? fencings : fencings.slice(-1);
  for (const fencing of before) builder.link(fencing, controllerDown, LINK.sequence);
}

function isAnyManaged(builder: ActionBuilder, resource: Resource): boolean {
  return builder.isManaged(resource) || resource.children.some((child) => isAnyManaged(builder, child));
}

/** A node shuts down when everything on it has been stopped, except for what is left alone there. */
function planShutdown(builder: ActionBuilder, node: Node): Action {
  const shutdown = builder.ensure({
    resource: undefined,
    key: `${TASK.shutDown}-${node.name}`,
    task: TASK.shutDown,
    node,
    isOptional: false,
    isSaved: true,
  });
  for (let index = builder.all.length - 1; index >= 0; index -= 1) {
    const action = builder.all[index];
    if (action?.resource === undefined || action.node !== node || action.task !== TASK.stop) continue;
    const { resource } = action;
    if (resource.isInMaintenance || node.isInMaintenance) continue;
    if (!builder.isManaged(resource) && !isBlocked(builder, resource)) continue;
    action.isOptional = false;
    builder.request(
      { resource, key: undefined, action },
      { resource: undefined, key: TASK.shutDown, action: shutdown },
      LINK.sequence | LINK.thenNeedsFirstRunnable,
    );
  }
  shutdown.extra.set('op_no_wait', 'true');
  return shutdown;
}
