import { INFINITY } from '../rules/values.ts';

export { INFINITY, parseScore } from '../rules/values.ts';

/** Sums within plus and minus infinity; minus infinity always wins ("Pacemaker Explained", infinity math). */
export function addScores(first: number, second: number): number {
  if (first <= -INFINITY || second <= -INFINITY) return -INFINITY;
  if (first >= INFINITY || second >= INFINITY) return INFINITY;
  return Math.min(Math.max(first + second, -INFINITY), INFINITY);
}
