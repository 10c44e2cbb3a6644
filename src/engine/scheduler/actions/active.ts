import type { Resource } from '../unpack/resource.ts';
import type { ActionBuilder } from './table.ts';

/**
 * Whether a resource counts as running. A group or clone: whether one of its children does, or all of them. What runs
 * on a node that is lost but need not be fenced does not count while it is managed.
 */
export function isActive(builder: ActionBuilder, resource: Resource, countsAll: boolean): boolean {
  if (resource.kind !== 'primitive') {
    const isChildActive = (child: Resource): boolean => isActive(builder, child, countsAll);
    return countsAll ? resource.children.every(isChildActive) : resource.children.some(isChildActive);
  }
  const isManaged = builder.isManaged(resource);
  return resource.runningOn.some((node) => builder.isUnclean(node) || node.isOnline || !isManaged);
}
