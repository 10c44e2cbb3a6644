import type { Node } from '../../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../../unpack/resource.ts';
import { draftOf, type AssignDraft } from '../draft.ts';

/** Where something will be, with the score that the node had when it was chosen. */
export interface Location {
  readonly node: Node;
  readonly score: number;
}

/** Every different node that the resource, or anything in it, is assigned to, in the order of its children. */
export function locationsOf(draft: AssignDraft, resource: Resource): readonly Location[] {
  const own = draftOf(draft, resource);
  if (own.children.length === 0) {
    return own.node === undefined ? [] : [{ node: own.node, score: own.nodeScore }];
  }
  const byNode = new Map<Node, Location>();
  for (const child of own.children) {
    for (const location of locationsOf(draft, child)) {
      if (!byNode.has(location.node)) byNode.set(location.node, location);
    }
  }
  return [...byNode.values()];
}

/** The node the whole resource is assigned to; `undefined` where it is nowhere, or spread over several nodes. */
export function locationOf(draft: AssignDraft, resource: Resource): Location | undefined {
  const locations = locationsOf(draft, resource);
  return locations.length === 1 ? locations[0] : undefined;
}

/** Role now or next; of a group the highest that a member has. */
export function roleOf(draft: AssignDraft, resource: Resource, when: 'now' | 'next'): Role {
  const own = draftOf(draft, resource);
  if (own.children.length === 0) return when === 'now' ? own.role : own.nextRole;
  let highest: Role = ROLE.unknown;
  for (const child of own.children) {
    const role = roleOf(draft, child, when);
    if (role > highest) highest = role;
  }
  return highest;
}

export function isAnyBlocked(resource: Resource): boolean {
  return resource.isBlocked || resource.children.some(isAnyBlocked);
}

export function isAnyFailed(resource: Resource): boolean {
  return resource.isFailed || resource.children.some(isAnyFailed);
}

/** The resource at the very top: the clone, for instances and for the members of cloned groups. */
export function topOf(resource: Resource): Resource {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top;
}
