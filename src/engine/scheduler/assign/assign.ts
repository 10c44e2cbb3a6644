import type { Scored } from '../score/scored.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Assigned, Assignment } from './assigned.ts';
import { locationsOf } from './clone/state.ts';
import { draftOf, type AssignDraft, type ResourceDraft } from './draft.ts';
import { assignResource } from './resource.ts';
import { ScoreTable } from './score-table.ts';
import { resourcesInOrder } from './sort-resources.ts';

/**
 * The third phase: gives every resource its node and its next role, one after the other; what a resource follows comes
 * before it. Later resources have to do with what earlier ones have left.
 */
export function assign(scored: Scored): Assigned {
  const { unpacked } = scored;
  const draft: AssignDraft = {
    scored,
    resources: unpacked.all.map((resource) => draftResource(scored, resource)),
    nodes: unpacked.nodes.map((node) => ({
      node,
      assigned: new Set<Resource>(),
      utilization: new Map(node.utilization),
    })),
    scoreLog: [],
  };
  const resources = resourcesInOrder(draft);
  for (const resource of resources) assignResource(draft, resource, undefined);
  return {
    scored,
    resources,
    assignments: unpacked.all.map((resource) => finish(draft, resource)),
    remaining: new Map(draft.nodes.map(({ node, utilization }) => [node, utilization])),
    scoreLog: draft.scoreLog,
  };
}

function draftResource(scored: Scored, resource: Resource): ResourceDraft {
  return {
    resource,
    scores: new ScoreTable(scored.scores[resource.index]),
    children: [...resource.children],
    thisWith: [...(scored.colocationsOf.get(resource.index) ?? [])],
    withThis: [...(scored.colocationsWith.get(resource.index) ?? [])],
    node: undefined,
    nodeScore: 0,
    role: resource.role,
    isManaged: resource.isManaged && !scored.frozen.has(resource.index),
    nextRole: resource.nextRole,
    nextRoleReason: resource.nextRoleReason,
    wasUnplaced: false,
    isProvisional: true,
    isAllocating: false,
    isMerging: false,
    priority: resource.priority,
    sortIndex: 0,
    promotionScore: undefined,
    because: '',
    contributions: [],
    chain: undefined,
    together: undefined,
  };
}

function finish(draft: AssignDraft, resource: Resource): Assignment {
  const own = draftOf(draft, resource);
  return {
    node: own.node,
    nodes: locationsOf(draft, resource).map(({ node }) => node),
    wasUnplaced: own.wasUnplaced,
    role: own.role,
    isManaged: own.isManaged,
    children: own.children,
    priority: own.priority,
    nextRole: own.nextRole,
    nextRoleReason: own.nextRoleReason,
    scores: own.scores,
    promotionScore: own.promotionScore,
    because: own.because,
    contributions: own.contributions,
  };
}
