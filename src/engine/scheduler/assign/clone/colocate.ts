import { INFINITY, addScores } from '../../score/arithmetic.ts';
import type { Colocation } from '../../score/scored.ts';
import type { Node } from '../../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../../unpack/resource.ts';
import { draftOf, type AssignDraft } from '../draft.ts';
import { sortNodes } from '../nodes.ts';
import { placeResource } from '../place.ts';
import { applyColocation } from '../resource.ts';
import { isAnyBlocked, locationOf, roleOf, type Location } from './state.ts';

/**
 * What a colocation with an assigned clone means for a primitive: for its node scores while it has no node yet, for its
 * wish to be promoted afterwards. With `interleave` on the dependent's clone it is paired with the instance on its own
 * node; without, a binding colocation allows every node with an instance, and an optional one counts for each.
 */
export function applyColocationWithClone(
  draft: AssignDraft,
  dependent: Resource,
  clone: Resource,
  colocation: Colocation,
): void {
  if (draftOf(draft, clone).isProvisional) return;
  if (clone.isPromotable && colocation.primaryRole !== ROLE.unknown) {
    if (draftOf(draft, dependent).isProvisional) {
      followPromotable(draft, dependent, clone, colocation);
      return;
    }
    if (colocation.dependentRole === ROLE.promoted) {
      wishToFollow(draft, dependent, clone, colocation);
      return;
    }
  }

  if (isPaired(colocation)) {
    const partner = compatibleInstance(draft, dependent, clone, ROLE.unknown);
    if (partner !== undefined) applyColocation(draft, dependent, partner, colocation);
    else if (colocation.score >= INFINITY) placeResource(draft, dependent, undefined, true);
  } else if (colocation.score >= INFINITY) {
    const locations: Location[] = [];
    for (const instance of draftOf(draft, clone).children) {
      const location = locationOf(draft, instance);
      if (location !== undefined && !isAnyBlocked(instance)) locations.push(location);
    }
    restrictTo(draft, dependent, locations, false);
  } else {
    for (const instance of draftOf(draft, clone).children) {
      applyColocation(draft, dependent, instance, colocation);
    }
  }
}

/** The dependent has no node yet, and only the instances in one role count. */
function followPromotable(
  draft: AssignDraft,
  dependent: Resource,
  clone: Resource,
  colocation: Colocation,
): void {
  const locations: Location[] = [];
  for (const instance of draftOf(draft, clone).children) {
    const location = locationOf(draft, instance);
    if (location === undefined) continue;
    if (roleOf(draft, instance, 'next') !== colocation.primaryRole) continue;
    if (colocation.score < INFINITY) likeSamePlace(draft, dependent, location.node, colocation);
    locations.push(location);
  }
  // Promoted with promoted must not keep the unpromoted instances from running at all.
  const isAboutPromotionOnly =
    colocation.dependentRole === ROLE.promoted && colocation.primaryRole === ROLE.promoted;
  if (colocation.score >= INFINITY && !isAboutPromotionOnly) {
    restrictTo(draft, dependent, locations, true);
  }
}

function likeSamePlace(draft: AssignDraft, dependent: Resource, place: Node, colocation: Colocation): void {
  const { scores } = draftOf(draft, dependent);
  const value = place.attributes.get(colocation.nodeAttribute);
  for (const [node, score] of scores) {
    if (isSame(node.attributes.get(colocation.nodeAttribute), value)) {
      scores.set(node, addScores(score, colocation.score));
    }
  }
}

/** Attribute values are compared without regard to case; two missing ones are alike. */
function isSame(left: string | undefined, right: string | undefined): boolean {
  return left?.toLowerCase() === right?.toLowerCase();
}

/** Forbids all nodes but these; `addsScores`: what the primary thought of them counts for the dependent too. */
function restrictTo(
  draft: AssignDraft,
  dependent: Resource,
  locations: readonly Location[],
  addsScores: boolean,
): void {
  const { scores } = draftOf(draft, dependent);
  const primaryScores = new Map(locations.map(({ node, score }) => [node, score]));
  for (const [node, score] of scores) {
    const primaryScore = primaryScores.get(node);
    if (primaryScore === undefined) scores.set(node, -INFINITY);
    else if (addsScores) scores.set(node, addScores(score, primaryScore));
  }
  for (const node of primaryScores.keys()) if (!scores.has(node)) scores.set(node, -INFINITY);
}

/** The dependent is an instance whose role is being chosen. */
function wishToFollow(
  draft: AssignDraft,
  dependent: Resource,
  clone: Resource,
  colocation: Colocation,
): void {
  const own = draftOf(draft, dependent);
  if (compatibleInstance(draft, dependent, clone, colocation.primaryRole) !== undefined) {
    own.priority = addScores(own.priority, colocation.score);
  } else if (colocation.score >= INFINITY) {
    own.priority = -INFINITY;
  }
}

/** Only the dependent's clone must be interleaved, but both must allow the same number of instances on a node. */
function isPaired(colocation: Colocation): boolean {
  const { dependent, primary } = colocation;
  return dependent.clone?.isInterleaved === true && copiesPerNode(dependent) === copiesPerNode(primary);
}

/** As written: for an anonymous clone more than one is not obeyed, but still compared. */
function copiesPerNode(clone: Resource): number {
  const copies = Number.parseInt(clone.meta.get('clone-node-max') ?? '1', 10);
  return Number.isNaN(copies) ? 0 : copies;
}

/** An unblocked instance of the clone (in that role next) on the dependent's node, or on the best of those it may use. */
function compatibleInstance(
  draft: AssignDraft,
  dependent: Resource,
  clone: Resource,
  role: Role,
): Resource | undefined {
  const instances = new Map<Node, Resource>();
  for (const instance of draftOf(draft, clone).children) {
    if (role !== ROLE.unknown && roleOf(draft, instance, 'next') !== role) continue;
    const node = locationOf(draft, instance)?.node;
    if (node === undefined || isAnyBlocked(instance) || instances.has(node)) continue;
    instances.set(node, instance);
  }
  const place = locationOf(draft, dependent)?.node;
  if (place !== undefined) return instances.get(place);
  const candidates = sortNodes(draft, draftOf(draft, dependent).scores, undefined);
  const best = candidates.find((node) => instances.has(node));
  return best === undefined ? undefined : instances.get(best);
}
