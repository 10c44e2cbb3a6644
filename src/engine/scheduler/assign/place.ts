import { baseScore } from '../score/base.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import { consume, release } from './capacity.ts';
import { noteProvisional } from './colocated-demand.ts';
import { draftOf, nodeDraftOf, type AssignDraft, type ResourceDraft } from './draft.ts';
import { isAvailable } from './nodes.ts';

/**
 * Settles where a resource and everything in it will be: on the node if it may run there, or whatever the node is like
 * with `isForced`; else nowhere. True where (with children: where before) it has a node.
 */
export function placeResource(
  draft: AssignDraft,
  resource: Resource,
  node: Node | undefined,
  isForced: boolean,
): boolean {
  const own = draftOf(draft, resource);
  if (own.children.length === 0) return placePrimitive(draft, resource, node, isForced);
  let hadNode = false;
  for (const child of own.children) {
    if (draftOf(draft, child).node !== undefined) hadNode = true;
    placeResource(draft, child, node, isForced);
  }
  return hadNode;
}

function placePrimitive(
  draft: AssignDraft,
  resource: Resource,
  wanted: Node | undefined,
  isForced: boolean,
): boolean {
  const own = draftOf(draft, resource);
  let node = wanted;
  let score = node === undefined ? 0 : isForced ? baseScore(node) : (own.scores.get(node) ?? baseScore(node));
  if (!isForced && node !== undefined && (score < 0 || !isAvailable(node))) {
    setNextRole(own, ROLE.stopped, 'node availability');
    node = undefined;
    score = 0;
  }
  unplace(draft, resource);
  noteProvisional(own, false);
  own.nodeScore = score;
  if (node === undefined) {
    own.wasUnplaced = true;
    setNextRole(own, ROLE.stopped, 'unable to allocate');
    return false;
  }
  own.node = node;
  const place = nodeDraftOf(draft, node);
  place.assigned.add(resource);
  consume(place.utilization, resource.utilization);
  return true;
}

/** Takes a primitive off its node again; it is to be assigned anew. */
export function unplace(draft: AssignDraft, resource: Resource): void {
  const own = draftOf(draft, resource);
  if (own.node === undefined) return;
  const place = nodeDraftOf(draft, own.node);
  own.node = undefined;
  own.nodeScore = 0;
  noteProvisional(own, true);
  place.assigned.delete(resource);
  release(place.utilization, resource.utilization);
}

export function setNextRole(own: ResourceDraft, role: Role, reason: string): void {
  if (own.nextRole === role) return;
  own.nextRole = role;
  own.nextRoleReason = reason;
}
