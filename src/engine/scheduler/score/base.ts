import type { Node } from '../unpack/node.ts';
import { INFINITY } from './arithmetic.ts';

/**
 * What a node counts for by itself, for a resource that has no entry for it yet: nothing once it is known to be gone or
 * on its way out.
 */
export function baseScore(node: Node): number {
  if (node.isUnseen || (node.isOnline && !node.isShuttingDown)) return node.score;
  return -INFINITY;
}
