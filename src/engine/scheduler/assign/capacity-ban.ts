import { addScores, INFINITY } from '../score/arithmetic.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { compareCapacities, isEnough } from './capacity.ts';
import { colocatedDemand } from './colocated-demand.ts';
import { draftOf, nodeDraftOf, type AssignDraft, type NodeDraft } from './draft.ts';
import { isAvailable } from './nodes.ts';
import { inTableOrder } from './table-order.ts';

/**
 * With a placement strategy, forbids a primitive the nodes that have not enough capacity left for it and everything
 * that must be with it. Where no node has, only for itself, and the node with the most is told: some of them run, then.
 * (Pacemaker Explained, utilization and placement strategy.)
 */
export function banInsufficientCapacity(draft: AssignDraft, resource: Resource): Node | undefined {
  if (draft.scored.unpacked.settings.placementStrategy === 'default') return undefined;
  const own = draftOf(draft, resource);
  const demand = colocatedDemand(draft, resource);
  const candidates = [...own.scores]
    .filter(([node, score]) => score >= 0 && isAvailable(node))
    .map(([node]) => nodeDraftOf(draft, node));

  const isAnyCapable = candidates.some(({ utilization }) => isEnough(utilization, demand));
  const needed = isAnyCapable ? demand : resource.utilization;
  const roomiest = isAnyCapable ? undefined : roomiestOf(candidates, own.scores.keys());
  for (const { node, utilization } of candidates) {
    if (isEnough(utilization, needed)) continue;
    own.scores.set(node, addScores(own.scores.get(node) ?? 0, -INFINITY));
    own.contributions.push({ kind: 'capacity', source: node.name, node, score: -INFINITY });
  }
  return roomiest?.node;
}

/** The first of those with the most left, in the order of Pacemaker's table of `all` nodes. */
function roomiestOf(candidates: readonly NodeDraft[], all: Iterable<Node>): NodeDraft | undefined {
  const drafts = new Map(candidates.map((candidate) => [candidate.node, candidate]));
  let roomiest: NodeDraft | undefined;
  for (const node of inTableOrder(all)) {
    const candidate = drafts.get(node);
    if (candidate === undefined) continue;
    if (roomiest === undefined || compareCapacities(candidate, roomiest) < 0) roomiest = candidate;
  }
  return roomiest;
}
