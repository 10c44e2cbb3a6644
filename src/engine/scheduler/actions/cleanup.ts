import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { LINK } from './action.ts';
import { actionKey } from './key.ts';
import { resourceAction } from './make.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/** Has the executor of a node forget a resource, after a stop and before any start. Not for what failed there. */
export function planCleanup(
  builder: ActionBuilder,
  resource: Resource,
  node: Node,
  isOptional: boolean,
): void {
  if (resource.isFailed || builder.isUnclean(node) || !node.isOnline) return;
  resourceAction(builder, resource, TASK.delete, node, isOptional);
  const flags = isOptional ? LINK.firstImpliesThen : LINK.sequence;
  const stop = { resource, key: actionKey(resource, TASK.stop), action: undefined };
  const cleanup = { resource, key: actionKey(resource, TASK.delete), action: undefined };
  const start = { resource, key: actionKey(resource, TASK.start), action: undefined };
  builder.request(stop, cleanup, flags);
  builder.request(cleanup, start, flags);
}

/** The old property `remove-after-stop`: what was stopped is forgotten too. */
export function removesAfterStop(builder: ActionBuilder): boolean {
  const value = builder.assigned.scored.unpacked.settings.properties.get('remove-after-stop');
  return value !== undefined && /^(true|on|yes|y|1)$/i.test(value);
}
