import { baseScore } from '../score/base.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { banInsufficientCapacity } from './capacity-ban.ts';
import { currentNode } from './current.ts';
import { draftOf, type AssignDraft } from './draft.ts';
import { isAvailable, sortNodes } from './nodes.ts';
import { placeResource } from './place.ts';

/** Assigns a primitive to the node with the best score, if there is one that may run it. */
export function placeOnBestNode(draft: AssignDraft, resource: Resource, prefer: Node | undefined): void {
  const own = draftOf(draft, resource);
  const roomiest = banInsufficientCapacity(draft, resource);
  const sorted = sortNodes(draft, own.scores, currentNode(resource));
  const [best] = sorted;
  const chosen =
    best === undefined
      ? undefined
      : (preferred(draft, resource, best, prefer ?? roomiest) ?? stay(draft, resource, sorted, best));
  const score = chosen === undefined ? 0 : scoreOf(draft, resource, chosen);
  const isPlaced = placeResource(draft, resource, chosen, false);
  if (isPlaced) own.because = `best score ${String(score)} of ${String(sorted.length)} nodes`;
  else if (own.because === '') own.because = 'no node may run it';
}

/** The preferred node, where it is as good as the best one. */
function preferred(
  draft: AssignDraft,
  resource: Resource,
  best: Node,
  prefer: Node | undefined,
): Node | undefined {
  if (prefer === undefined || !draftOf(draft, resource).scores.has(prefer)) return undefined;
  const score = scoreOf(draft, resource, prefer);
  if (score < scoreOf(draft, resource, best) || score < 0 || !isAvailable(prefer)) return undefined;
  return prefer;
}

/**
 * The node where it runs, if it is as good as the best one and both are liked; else the best one. Not for numbered
 * instances: those that can stay have got their nodes already, and the others had better go elsewhere.
 */
function stay(draft: AssignDraft, resource: Resource, sorted: readonly Node[], best: Node): Node {
  const score = scoreOf(draft, resource, best);
  const { parent } = resource;
  const isNumbered = parent?.kind === 'clone' && parent.isUnique;
  if (isNumbered || score <= 0 || !isAvailable(best)) return best;
  const current = currentNode(resource);
  // An unavailable node is sorted behind all others, whatever its score.
  if (current === undefined || !isAvailable(current) || baseScore(current) < 0) return best;
  if (!sorted.includes(current)) return best;
  return scoreOf(draft, resource, current) === score ? current : best;
}

function scoreOf(draft: AssignDraft, resource: Resource, node: Node): number {
  return draftOf(draft, resource).scores.get(node) ?? 0;
}
