import { addScores } from '../../score/arithmetic.ts';
import type { Resource } from '../../unpack/resource.ts';
import { draftOf, type AssignDraft } from '../draft.ts';
import { isAvailable } from '../nodes.ts';
import { anonymousHistory, promotionScore } from './promotion-score.ts';

/**
 * Before instances are assigned: each prefers the nodes where it would like to be promoted, and the keenest choose
 * first. Nodes that cannot run anything are left out, lest instances are shuffled for nothing.
 */
export function addPromotionScores(draft: AssignDraft, clone: Resource): void {
  const history = anonymousHistory(draft, clone);
  for (const instance of draftOf(draft, clone).children) {
    const own = draftOf(draft, instance);
    for (const [node, nodeScore] of own.scores) {
      if (!isAvailable(node)) continue;
      const score = promotionScore(draft, history, instance, node) ?? 0;
      if (score > 0) own.scores.set(node, addScores(nodeScore, score));
      if (score > own.priority) own.priority = score;
    }
  }
}
