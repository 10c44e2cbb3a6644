import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import type { Unpacked } from '../unpack/unpacked.ts';
import { addScores } from './arithmetic.ts';
import { applyLocations } from './apply-location.ts';
import { baseScore } from './base.ts';
import { byDependent, byPrimary, sortColocations } from './colocation-order.ts';
import { readConstraints } from './constraints.ts';
import { noteContradictoryColocations } from './contradictions.ts';
import { applyStickiness, banFailed, banUndiscovered } from './criteria.ts';
import { contribute, type ScoreDraft } from './draft.ts';
import { createFinder } from './find.ts';
import { colocateMembers } from './group-colocation.ts';
import { addHealthLocations } from './health.ts';
import type { Colocation, LocationConstraint, Scored } from './scored.ts';
import { applyShutdownLocks } from './shutdown-lock.ts';

/**
 * The second phase: what each resource thinks of each node by itself (node health, shutdown locks, locations,
 * stickiness, failures, discovery), and who wants to be with whom. Bad references become findings.
 */
export function score(unpacked: Unpacked): Scored {
  const draft: ScoreDraft = {
    unpacked,
    finder: createFinder(unpacked),
    tables: unpacked.all.map((resource) => firstTable(unpacked, resource)),
    locations: [],
    colocations: [],
    discovery: new Map(),
    exclusiveDiscovery: new Set(),
    contributions: new Map(),
    locks: new Map(),
    brokenLocks: [],
    promotionBans: new Set(),
    frozen: new Set(),
    findings: [],
  };
  noteHistory(draft);
  addHealthLocations(draft);
  readConstraints(draft);
  noteContradictoryColocations(draft);
  applyShutdownLocks(draft);
  applyLocations(draft);
  for (const resource of unpacked.resources) applyStickiness(draft, resource);
  banFailed(draft);
  for (const resource of unpacked.resources) banUndiscovered(draft, resource);
  for (const resource of unpacked.resources) colocateMembers(draft, resource);
  return finish(draft);
}

/** Where nodes need not be allowed one by one, all are; then what reading the history has found. */
function firstTable(unpacked: Unpacked, resource: Resource): Map<Node, number> {
  const table = new Map<Node, number>();
  if (unpacked.settings.isSymmetric) {
    for (const node of unpacked.nodes) table.set(node, resource.isOrphan ? baseScore(node) : node.score);
  }
  for (const [node, found] of resource.historyScores) {
    table.set(node, addScores(table.get(node) ?? baseScore(node), found));
  }
  return table;
}

function noteHistory(draft: ScoreDraft): void {
  for (const resource of draft.unpacked.all) {
    for (const [node, found] of resource.historyScores) {
      contribute(draft, resource, { kind: 'history', source: resource.id, node, score: found });
    }
  }
}

function finish(draft: ScoreDraft): Scored {
  const { colocations, locations } = draft;
  return {
    unpacked: draft.unpacked,
    scores: draft.tables,
    locations,
    promotionLocations: collect(
      locations.filter(({ role }) => role === ROLE.promoted),
      (location: LocationConstraint) => location.resource,
    ),
    discovery: draft.discovery,
    exclusiveDiscovery: draft.exclusiveDiscovery,
    colocations,
    colocationsOf: sorted(
      collect(colocations, ({ dependent }) => dependent),
      byPrimary,
    ),
    colocationsWith: sorted(
      collect(colocations, ({ primary }) => primary),
      byDependent,
    ),
    contributions: draft.contributions,
    locks: draft.locks,
    brokenLocks: draft.brokenLocks,
    promotionBans: draft.promotionBans,
    frozen: draft.frozen,
    findings: draft.findings,
  };
}

function collect<T>(things: readonly T[], of: (thing: T) => Resource): ReadonlyMap<number, readonly T[]> {
  const collected = new Map<number, T[]>();
  for (const thing of things) {
    const { index } = of(thing);
    const known = collected.get(index);
    if (known === undefined) collected.set(index, [thing]);
    else known.push(thing);
  }
  return collected;
}

function sorted(
  found: ReadonlyMap<number, readonly Colocation[]>,
  order: (left: Colocation, right: Colocation) => number,
): ReadonlyMap<number, readonly Colocation[]> {
  return new Map([...found].map(([index, list]) => [index, sortColocations(list, order)]));
}
