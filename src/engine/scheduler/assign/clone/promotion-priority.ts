import { INFINITY, addScores } from '../../score/arithmetic.ts';
import type { Node } from '../../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../../unpack/resource.ts';
import { draftOf, type AssignDraft } from '../draft.ts';
import { applyColocation } from '../resource.ts';
import { promotionScore, type AnonymousHistory } from './promotion-score.ts';
import { locationOf, roleOf } from './state.ts';

/**
 * How much an assigned instance should be promoted: its promotion score; the location constraints for the promoted
 * role on its node; the colocations of its promoted role. What nobody said anything about counts as -1: a location or
 * colocation can lift it, but it is not promoted by itself. (Pacemaker Explained, promotable clones.)
 */
export function setPromotionPriority(
  draft: AssignDraft,
  clone: Resource,
  instance: Resource,
  history: AnonymousHistory,
): void {
  const own = draftOf(draft, instance);
  if (roleOf(draft, instance, 'now') === ROLE.started) countAsUnpromoted(draft, instance);
  const node = locationOf(draft, instance)?.node;
  if (node === undefined) return;

  const nextRole: Role = roleOf(draft, instance, 'next');
  switch (nextRole) {
    case ROLE.unknown:
    case ROLE.started:
      own.priority = promotionScore(draft, history, instance, node) ?? -1;
      break;
    case ROLE.stopped:
    case ROLE.unpromoted:
      own.priority = -INFINITY;
      break;
    case ROLE.promoted:
      // Left as it is: an unmanaged one that stays promoted.
      break;
  }
  addLocations(draft, instance, instance, node);
  addLocations(draft, clone, instance, node);
  for (const colocation of own.thisWith) {
    applyColocation(draft, instance, colocation.primary, colocation);
  }
  own.sortIndex = nextRole === ROLE.promoted ? INFINITY : own.priority;
}

function countAsUnpromoted(draft: AssignDraft, resource: Resource): void {
  const own = draftOf(draft, resource);
  if (own.role === ROLE.started) own.role = ROLE.unpromoted;
  for (const child of own.children) countAsUnpromoted(draft, child);
}

function addLocations(draft: AssignDraft, named: Resource, instance: Resource, node: Node): void {
  const own = draftOf(draft, instance);
  const locations = draft.scored.promotionLocations.get(named.index) ?? [];
  // Latest first, as Pacemaker keeps them; it matters only where sums reach infinity on the way.
  for (const location of locations.toReversed()) {
    const score = location.scores.get(node);
    if (score !== undefined) own.priority = addScores(own.priority, score);
  }
}
