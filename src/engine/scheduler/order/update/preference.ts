import { compareCapacities, release } from '../../assign/capacity.ts';
import type { NodeDraft } from '../../assign/draft.ts';
import { isAvailable } from '../../assign/nodes.ts';
import { INFINITY } from '../../rules/values.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import type { Solver } from './solver.ts';

/**
 * The nodes of a resource as the third phase prefers them, from what it left behind: by score, then by free capacity
 * where the placement strategy is `balanced`, by the number of resources there, and by name. With `minimal` only score
 * and name count.
 */
export function nodesByPreference(solver: Solver, resource: Resource): readonly Node[] {
  const { assigned } = solver.builder;
  const scores = assigned.assignments[resource.index]?.scores;
  if (scores === undefined) return [];
  const { placementStrategy } = assigned.scored.unpacked.settings;
  const scoreOf = (node: Node): number => (isAvailable(node) ? (scores.get(node) ?? -INFINITY) : -INFINITY);
  const drafts = nodeDrafts(solver);
  const compare = (left: Node, right: Node): number => {
    const byScore = scoreOf(right) - scoreOf(left);
    const mine = drafts.get(left);
    const theirs = drafts.get(right);
    if (byScore !== 0 || placementStrategy === 'minimal' || mine === undefined || theirs === undefined) {
      return byScore || compareText(left.name, right.name);
    }
    const byCapacity = placementStrategy === 'balanced' ? compareCapacities(mine, theirs) : 0;
    return byCapacity || mine.assigned.size - theirs.assigned.size || compareText(left.name, right.name);
  };
  return [...scores.keys()].sort(compare);
}

/** What each node has taken and has left, without what lost its node since. */
function nodeDrafts({ builder }: Solver): ReadonlyMap<Node, NodeDraft> {
  const { unpacked } = builder.assigned.scored;
  const drafts = new Map<Node, NodeDraft>();
  for (const node of unpacked.nodes) {
    const utilization = new Map(builder.assigned.remaining.get(node));
    drafts.set(node, { node, assigned: new Set(), utilization });
  }
  for (const resource of unpacked.all) {
    if (resource.kind !== 'primitive') continue;
    const node = builder.destination(resource);
    if (node !== undefined) drafts.get(node)?.assigned.add(resource);
  }
  for (const resource of builder.abandoned) {
    const node = builder.assigned.assignments[resource.index]?.node;
    const draft = node === undefined ? undefined : drafts.get(node);
    if (draft !== undefined) release(draft.utilization, resource.utilization);
  }
  return drafts;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
