import type { Resource } from '../unpack/resource.ts';
import type { Colocation } from './scored.ts';

const RANK: Readonly<Record<Resource['kind'], number>> = { primitive: 0, group: 1, clone: 2 };

/** Which of two partners counts first: higher priority, clones before groups before primitives, promotable, by id. */
function compare(left: Resource, right: Resource): number {
  if (left.priority !== right.priority) return right.priority - left.priority;
  if (left.kind !== right.kind) return RANK[right.kind] - RANK[left.kind];
  if (left.kind === 'clone' && left.isPromotable !== right.isPromotable) return left.isPromotable ? -1 : 1;
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}

/** The order among those that one resource depends on. */
export function byPrimary(left: Colocation, right: Colocation): number {
  return compare(left.primary, right.primary);
}

/** The order among those that depend on one resource. */
export function byDependent(left: Colocation, right: Colocation): number {
  return compare(left.dependent, right.dependent);
}

/** Sorts what was found one after the other; of two equals the one found later comes first. */
export function sortColocations(
  found: readonly Colocation[],
  order: (left: Colocation, right: Colocation) => number,
): Colocation[] {
  return found.toReversed().sort(order);
}

/** Puts one more into a sorted list, before its equals. */
export function insertColocation(
  list: Colocation[],
  colocation: Colocation,
  order: (left: Colocation, right: Colocation) => number,
): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = list[middle];
    if (other !== undefined && order(colocation, other) > 0) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, colocation);
}
