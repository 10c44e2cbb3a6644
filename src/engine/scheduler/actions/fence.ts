import type { Node } from '../unpack/node.ts';
import type { Action } from './action.ts';
import { setReason } from './reason.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';
import { noteUnfencingDevices } from './unfencing-devices.ts';

export type FenceOperation = 'reboot' | 'off' | 'on' | 'poweroff';

const DELAY = 'priority-fencing-delay';

/**
 * The fencing (or unfencing: `on`) of a node; there is one action of each kind for a node.
 * @param operation `undefined`: what the property `stonith-action` asks for
 * @param isOptional `false`: it shall happen, if fencing is possible at all
 * @param hasPriorityDelay the property `priority-fencing-delay` counts
 */
export function fenceAction(
  builder: ActionBuilder,
  node: Node,
  operation: FenceOperation | undefined,
  isOptional: boolean,
  reason: string | undefined,
  hasPriorityDelay: boolean,
): Action {
  const { settings } = builder.assigned.scored.unpacked;
  const what = operation ?? settings.stonithAction;
  const key = `${TASK.fence}-${node.name}-${what}`;
  let isRequired = !isOptional;
  let action = builder.singletons.get(key);
  if (action === undefined) {
    action = builder.ensure({
      resource: undefined,
      key,
      task: TASK.fence,
      node,
      isOptional: true,
      isSaved: true,
    });
    action.extra.set('on_node', node.name);
    action.extra.set('on_node_uuid', node.id);
    action.extra.set('stonith_action', what);
    if (settings.unfencingEnabled && noteUnfencingDevices(builder, action, node)) isRequired = true;
  }
  if (settings.priorityFencingDelay > 0 && (hasPriorityDelay || action.extra.has(DELAY))) {
    action.extra.set(DELAY, String(priorityDelay(builder, node) / 1000));
  }
  if (isRequired && mayFence(builder, node)) {
    action.isOptional = false;
    setReason(action, reason, false);
  } else if (reason !== undefined) {
    setReason(action, reason, false);
  }
  return action;
}

/** Whether fencing can be done: it needs a device, and quorum unless the node is in our partition. */
export function mayFence(builder: ActionBuilder, node: Node): boolean {
  const { settings } = builder.assigned.scored.unpacked;
  if (!settings.stonithEnabled || !settings.hasFenceDevice) return false;
  return settings.isQuorate || settings.noQuorumPolicy === 'ignore' || node.isOnline;
}

/** A node turns out to need fencing only now. */
export function condemn(builder: ActionBuilder, node: Node, reason: string): void {
  if (builder.isUnclean(node)) return;
  builder.condemned.set(node, reason);
  fenceAction(builder, node, undefined, true, reason, false);
}

/**
 * Milliseconds by which the fencing of the node with the more important resources is delayed, so that in a split of
 * two halves the other one is shot first. Rule: Pacemaker Explained, "priority-fencing-delay".
 */
function priorityDelay(builder: ActionBuilder, node: Node): number {
  const { settings, nodes } = builder.assigned.scored.unpacked;
  if (node.type !== 'member' || node.isOnline) return 0;
  const members = nodes.filter((other) => other.type === 'member');
  const online = members.filter((other) => other.isOnline).length;
  if (online > Math.trunc(members.length / 2)) return 0;
  const priorities = members.map((member) => member.priority);
  const top = Math.max(...priorities);
  if (Math.min(...priorities) === top || node.priority < top) return 0;
  return settings.priorityFencingDelay;
}
