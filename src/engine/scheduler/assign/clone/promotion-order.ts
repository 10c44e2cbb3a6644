import { banEverywhere } from '../ban.ts';
import { addColocatedScores } from '../colocated.ts';
import { hasInfluence } from '../colocations.ts';
import { INFINITY, addScores } from '../../score/arithmetic.ts';
import { ROLE, type Resource } from '../../unpack/resource.ts';
import { draftOf, type AssignDraft } from '../draft.ts';
import { instanceOrder } from './compare.ts';
import { factorOf } from './factor.ts';
import { mergeSort } from '../../merge-sort.ts';
import { locationOf, roleOf } from './state.ts';

/**
 * Sorts a promotable clone's instances by how much they should be promoted. Their own wishes are added to the clone's
 * node scores, then what colocated resources think of those nodes where a colocation is about the promoted role; the
 * sum is what decides, and later colocations with the clone see it too.
 */
export function sortForPromotion(draft: AssignDraft, clone: Resource): void {
  const own = draftOf(draft, clone);
  own.isMerging = true;
  for (const instance of own.children) addWish(draft, clone, instance);
  addPromotedColocations(draft, clone);
  if (draft.scored.promotionBans.has(clone.index)) banEverywhere(draft, clone);
  for (const instance of own.children) takeNodeScore(draft, clone, instance);
  mergeSort(own.children, promotionOrder(draft));
  own.isMerging = false;
}

function addWish(draft: AssignDraft, clone: Resource, instance: Resource): void {
  const { sortIndex } = draftOf(draft, instance);
  if (sortIndex < 0) return;
  const node = locationOf(draft, instance)?.node;
  const scores = draftOf(draft, clone).scores;
  const score = node === undefined ? undefined : scores.get(node);
  if (node !== undefined && score !== undefined) scores.set(node, addScores(sortIndex, score));
}

function addPromotedColocations(draft: AssignDraft, clone: Resource): void {
  const own = draftOf(draft, clone);
  for (const colocation of own.thisWith) {
    if (colocation.dependentRole !== ROLE.promoted) continue;
    addColocatedScores(
      draft,
      colocation.primary,
      own.scores,
      colocation.nodeAttribute,
      factorOf(colocation),
      { isActive: colocation.score < INFINITY, isNonnegative: false, isThisWith: false },
    );
  }
  for (const colocation of own.withThis) {
    if (colocation.primaryRole !== ROLE.promoted || !hasInfluence(colocation, undefined)) continue;
    addColocatedScores(
      draft,
      colocation.dependent,
      own.scores,
      colocation.nodeAttribute,
      factorOf(colocation),
      { isActive: true, isNonnegative: true, isThisWith: false },
    );
  }
}

function takeNodeScore(draft: AssignDraft, clone: Resource, instance: Resource): void {
  const own = draftOf(draft, instance);
  if (!own.isManaged && own.nextRole === ROLE.promoted) {
    own.sortIndex = INFINITY;
    return;
  }
  const node = locationOf(draft, instance)?.node;
  if (node === undefined || own.sortIndex < 0) return;
  own.sortIndex = draftOf(draft, clone).scores.get(node) ?? own.sortIndex;
}

function promotionOrder(draft: AssignDraft): (left: Resource, right: Resource) => number {
  const assignmentOrder = instanceOrder(draft);
  return (left, right) => {
    const byWish = draftOf(draft, right).sortIndex - draftOf(draft, left).sortIndex;
    if (byWish !== 0) return byWish;
    const byRole = roleOf(draft, right, 'now') - roleOf(draft, left, 'now');
    return byRole === 0 ? assignmentOrder(left, right) : byRole;
  };
}
