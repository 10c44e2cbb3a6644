import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { LINK, type Action, type LinkFlags } from './action.ts';
import { fenceAction } from './fence.ts';
import { actionKey } from './key.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/** A node is unfenced once its attribute `#node-unfenced` is set and not 0. */
export function isUnfenced(node: Node): boolean {
  const since = node.attributes.get('#node-unfenced');
  return since !== undefined && since !== '0';
}

/**
 * Requires that a node is unfenced (again), because of a fence device or for another reason.
 * @param device `undefined`: for its own sake; anything that is no fence device changes nothing
 * @param node `undefined`: every node where the device may run
 */
export function requireUnfencing(
  builder: ActionBuilder,
  device: Resource | undefined,
  node: Node | undefined,
  reason: string,
): void {
  const { settings } = builder.assigned.scored.unpacked;
  if (!settings.unfencingEnabled || device?.isFenceDevice === false) return;
  if (node !== undefined && isReachable(builder, node)) {
    fenceAction(builder, node, 'on', false, reason, false);
  } else if (device !== undefined) {
    for (const allowed of builder.assigned.scored.scores[device.index]?.keys() ?? []) {
      if (isReachable(builder, allowed)) fenceAction(builder, allowed, 'on', false, reason, false);
    }
  }
}

function isReachable(builder: ActionBuilder, node: Node): boolean {
  return node.isOnline && !builder.isUnclean(node) && !node.isShuttingDown;
}

/**
 * A probe or start comes after the unfencing of its node, where the resource needs that or is a fence device itself.
 * The unfencing is required only where it has never been done.
 */
export function orderAfterUnfencing(
  builder: ActionBuilder,
  resource: Resource,
  node: Node,
  action: Action,
  flags: LinkFlags,
): void {
  const { settings } = builder.assigned.scored.unpacked;
  if (!resource.needs.unfencing && !(resource.isFenceDevice && settings.unfencingEnabled)) return;
  builder.link(fenceAction(builder, node, 'on', true, undefined, false), action, flags);
  if (!isUnfenced(node)) {
    requireUnfencing(builder, undefined, node, `required by ${resource.id} ${action.task}`);
  }
}

/** What needs unfencing is stopped before its node is unfenced, and started afterwards. */
export function orderRestartAroundUnfencing(builder: ActionBuilder, resource: Resource, node: Node): void {
  const unfencing = fenceAction(builder, node, 'on', true, undefined, false);
  const end = { resource: undefined, key: undefined, action: unfencing };
  builder.request(
    { resource, key: actionKey(resource, TASK.stop), action: undefined },
    end,
    LINK.sequence | LINK.sameNode,
  );
  builder.request(
    end,
    { resource, key: actionKey(resource, TASK.start), action: undefined },
    LINK.firstImpliesThenOnNode | LINK.sameNode,
  );
}
