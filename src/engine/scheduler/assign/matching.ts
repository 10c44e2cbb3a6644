import { addScores, INFINITY } from '../score/arithmetic.ts';
import { equalsIgnoringCase } from '../rules/text.ts';
import type { NodeScores } from '../score/scored.ts';
import type { Node } from '../unpack/node.ts';
import { isAvailable } from './nodes.ts';

/** Marks a node that would have come out negative although only scores that are not are wanted. */
export const UNUSABLE = -100 * INFINITY;

/**
 * Adds to each node of `scores` what `others` thinks of it (with another node attribute than the name: of the best node
 * with the same value), times `factor`. What is disliked with a negative factor is not liked for that.
 * `isNonnegative`: nothing becomes negative by it; what would have, is marked.
 */
export function addMatchingScores(
  scores: Map<Node, number>,
  others: NodeScores,
  attribute: string,
  factor: number,
  isNonnegative: boolean,
): void {
  for (const [node, score] of scores) {
    const other = bestMatching(others, attribute, node);
    if (factor < 0 && other < 0) continue;
    if (score === UNUSABLE) continue;
    const sum = addScores(weigh(other, factor), score);
    if (isNonnegative && sum < 0 && score > 0) scores.set(node, UNUSABLE);
    else if (!(isNonnegative && sum < 0 && score === 0)) scores.set(node, sum);
  }
}

/** In single precision and rounded, but never rounded to nothing. */
function weigh(score: number, factor: number): number {
  if (factor === 1) return score;
  const exact = Math.fround(factor * score);
  const weight = Math.trunc(exact < 0 ? exact - 0.5 : exact + 0.5);
  if (weight !== 0 || score === 0) return weight;
  return Math.sign(factor);
}

/** The best score of the nodes that can run something and have the same value of the attribute as `node`. */
function bestMatching(scores: NodeScores, attribute: string, node: Node): number {
  if (attribute === '#uname') {
    return isAvailable(node) ? Math.max(scores.get(node) ?? -INFINITY, -INFINITY) : -INFINITY;
  }
  const value = node.attributes.get(attribute);
  let best = -INFINITY;
  for (const [other, score] of scores) {
    if (score <= best || !isAvailable(other)) continue;
    if (equalsIgnoringCase(other.attributes.get(attribute), value)) best = score;
  }
  return best;
}
