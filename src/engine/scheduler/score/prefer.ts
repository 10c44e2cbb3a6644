import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { addScores } from './arithmetic.ts';
import { baseScore } from './base.ts';
import { contribute, tableOf, type ScoreDraft } from './draft.ts';
import type { Contribution } from './scored.ts';

/** Adds a score for one node to a resource and to everything in it. */
export function prefer(
  draft: ScoreDraft,
  resource: Resource,
  node: Node,
  score: number,
  reason: Pick<Contribution, 'kind' | 'source'>,
): void {
  for (const child of resource.children) prefer(draft, child, node, score, reason);
  const table = tableOf(draft, resource);
  table.set(node, addScores(table.get(node) ?? baseScore(node), score));
  contribute(draft, resource, { ...reason, node, score });
}
