import { addColocatedScores } from '../colocated.ts';
import { hasInfluence } from '../colocations.ts';
import { draftOf, type AssignDraft } from '../draft.ts';
import { logScores } from '../log.ts';
import { assignResource } from '../resource.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { instanceOrder } from './compare.ts';
import { distribute } from './distribute.ts';
import { factorOf } from './factor.ts';
import { mergeSort } from '../../merge-sort.ts';
import { addPromotionScores } from './promotion-preference.ts';
import { chooseRoles } from './promotion-roles.ts';

/**
 * Assigns a clone's instances to nodes and, where it is promotable, chooses those that will be promoted. What the clone
 * is colocated with is assigned before; what is colocated with the clone has a say in the clone's node scores.
 */
export function assignClone(draft: AssignDraft, clone: Resource, prefer: Node | undefined): void {
  const own = draftOf(draft, clone);
  if (!own.isProvisional || own.isAllocating) return;
  if (clone.isPromotable) addPromotionScores(draft, clone);

  own.isAllocating = true;
  for (const colocation of own.thisWith) assignResource(draft, colocation.primary, prefer);
  for (const colocation of own.withThis) {
    if (!hasInfluence(colocation, undefined)) continue;
    addColocatedScores(
      draft,
      colocation.dependent,
      own.scores,
      colocation.nodeAttribute,
      factorOf(colocation),
      { isActive: true, isNonnegative: true, isThisWith: false },
    );
  }
  logScores(draft, clone, 'pcmk__clone_allocate');

  mergeSort(own.children, instanceOrder(draft));
  distribute(draft, clone);
  if (clone.isPromotable) chooseRoles(draft, clone);

  own.isProvisional = false;
  own.isAllocating = false;
}
