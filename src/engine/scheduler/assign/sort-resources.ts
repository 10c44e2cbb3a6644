import { INFINITY } from '../score/arithmetic.ts';
import { baseScore } from '../score/base.ts';
import type { Colocation, NodeScores } from '../score/scored.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { addColocatedScores } from './colocated.ts';
import { currentNode } from './current.ts';
import { draftOf, type AssignDraft } from './draft.ts';
import { factorOf } from './influence.ts';
import { isAnyAvailable, sortNodes } from './nodes.ts';

/**
 * The order in which resources choose their nodes where capacity matters: by priority, then by how much they like the
 * node where they are, then by how much they like any node. Everywhere else it is that of the definition.
 */
export function resourcesInOrder(draft: AssignDraft): readonly Resource[] {
  const { nodes, resources, settings } = draft.scored.unpacked;
  if (settings.placementStrategy === 'default') return resources;
  const sortedNodes = sortNodes(
    draft,
    nodes.map((node) => [node, baseScore(node)]),
  );
  const tables = new Map(resources.map((resource) => [resource, tableWithPrimaries(draft, resource)]));
  return resources.toSorted((left, right) => compare(left, right, tables, sortedNodes));
}

function compare(
  left: Resource,
  right: Resource,
  tables: ReadonlyMap<Resource, NodeScores>,
  sortedNodes: readonly Node[],
): number {
  if (left.priority !== right.priority) return right.priority - left.priority;
  const mine = tables.get(left);
  const theirs = tables.get(right);
  const scoreOn = (table: NodeScores | undefined, node: Node | undefined): number =>
    node === undefined ? -INFINITY : (table?.get(node) ?? -INFINITY);

  const byCurrent = scoreOn(theirs, currentNode(right)) - scoreOn(mine, currentNode(left));
  if (byCurrent !== 0) return byCurrent;
  for (const node of sortedNodes) {
    const byScore = scoreOn(theirs, node) - scoreOn(mine, node);
    if (byScore !== 0) return byScore;
  }
  return 0;
}

/** What a resource (the last member of a group) thinks of the nodes, and what all think that it follows. */
function tableWithPrimaries(draft: AssignDraft, resource: Resource): NodeScores {
  const own = draftOf(draft, resource);
  if (resource.kind !== 'group') return addPrimaries(draft, new Map(own.scores), resource);
  const last = own.children.at(-1);
  if (last === undefined) return new Map();
  own.isMerging = true;
  const table = addPrimaries(draft, new Map(draftOf(draft, last).scores), last);
  own.isMerging = false;
  return addPrimaries(draft, table, resource);
}

function addPrimaries(draft: AssignDraft, table: Map<Node, number>, resource: Resource): Map<Node, number> {
  if (!isAnyAvailable(table)) return table;
  const own = draftOf(draft, resource);
  own.isMerging = true;
  for (const colocation of own.thisWith) addPrimary(draft, table, colocation);
  own.isMerging = false;
  return table;
}

function addPrimary(draft: AssignDraft, table: Map<Node, number>, colocation: Colocation): void {
  addColocatedScores(draft, colocation.primary, table, colocation.nodeAttribute, factorOf(colocation), {
    isActive: true,
    isNonnegative: false,
    isThisWith: true,
  });
}
