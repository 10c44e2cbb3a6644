import { INFINITY } from '../score/arithmetic.ts';
import type { Colocation } from '../score/scored.ts';
import type { Resource } from '../unpack/resource.ts';

/**
 * Whether the dependent's wishes count when the primary (or `resource` in its place) is assigned: where the constraint
 * says so, and always as long as the primary does not run, because then nothing is lost.
 */
export function hasInfluence(colocation: Colocation, resource: Resource | undefined): boolean {
  return colocation.influence || (resource ?? colocation.primary).runningOn.length === 0;
}

/** How much of another resource's scores a colocation lets through, in single precision as Pacemaker counts. */
export function factorOf(colocation: Colocation): number {
  return Math.fround(colocation.score / INFINITY);
}
