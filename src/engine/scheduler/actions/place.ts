import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { ActionBuilder } from './table.ts';

/** Where a migration that is under way comes from; `undefined` once it has been given up. */
export function partialSource(builder: ActionBuilder, resource: Resource): Node | undefined {
  return builder.abandonedMigrations.has(resource) ? undefined : resource.partialMigrationSource;
}

/** Where a migration that is under way goes to; `undefined` once it has been given up. */
export function partialTarget(builder: ActionBuilder, resource: Resource): Node | undefined {
  return builder.abandonedMigrations.has(resource) ? undefined : resource.partialMigrationTarget;
}

/** Where a primitive runs; of several nodes the one that counts as its place. */
export function currentNode(builder: ActionBuilder, resource: Resource): Node | undefined {
  const source = partialSource(builder, resource);
  const isClean = (node: Node): boolean => node.isOnline && !builder.isUnclean(node);
  let active: Node | undefined;
  for (const node of resource.runningOn) {
    if (source !== undefined) {
      if (node === source) active = node;
    } else if (!resource.needs.fencing) {
      if (isClean(node) && (active === undefined || !isClean(active))) active = node;
    }
    active ??= node;
  }
  return active;
}

/** Where a resource will be: a primitive's node; of a group the one node on which all members that run are. */
export function nextNode(builder: ActionBuilder, resource: Resource): Node | undefined {
  if (resource.kind === 'primitive') return builder.destination(resource);
  let found: Node | undefined;
  for (const child of builder.childrenOf(resource)) {
    const node = nextNode(builder, child);
    if (node === undefined || node === found) continue;
    if (found !== undefined) return undefined;
    found = node;
  }
  return found;
}

/** The topmost resource that a resource is part of; itself where it is part of none. */
export function topOf(resource: Resource): Resource {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top;
}

/** Left as it is: something went wrong that only a person can mend, or its ticket was lost and it is to stay. */
export function isBlocked(builder: ActionBuilder, resource: Resource): boolean {
  return resource.isBlocked || builder.assigned.scored.frozen.has(resource.index);
}
