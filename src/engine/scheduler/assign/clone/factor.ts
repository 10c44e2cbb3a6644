import { INFINITY } from '../../score/arithmetic.ts';
import type { Colocation } from '../../score/scored.ts';

/** How much of another resource's scores a colocation lets through, in single precision as Pacemaker counts. */
export function factorOf(colocation: Colocation): number {
  return Math.fround(colocation.score / INFINITY);
}
