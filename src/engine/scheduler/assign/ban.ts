import { addScores, INFINITY } from '../score/arithmetic.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { draftOf, type AssignDraft } from './draft.ts';

/** Forbids every node to a resource and all it consists of, and forgets where it was assigned to. */
export function banEverywhere(draft: AssignDraft, resource: Resource): void {
  forbidEverywhere(draft, resource);
  draftOf(draft, resource).node = undefined;
}

function forbidEverywhere(draft: AssignDraft, resource: Resource): void {
  const own = draftOf(draft, resource);
  for (const child of own.children) forbidEverywhere(draft, child);
  for (const node of draft.scored.unpacked.nodes) own.scores.set(node, -INFINITY);
}

/** Forbids a node, where it was allowed at all, to a resource and all it consists of. */
export function banOn(draft: AssignDraft, resource: Resource, node: Node): void {
  const own = draftOf(draft, resource);
  const score = own.scores.get(node);
  if (score !== undefined) own.scores.set(node, addScores(score, -INFINITY));
  for (const child of own.children) banOn(draft, child, node);
}
