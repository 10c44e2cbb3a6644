import { INFINITY, type Colocation, type Order, type ResourceId } from '../../model/index.ts';
import type { Facts } from './facts.ts';

/**
 * What stands on what: a resource must be where its foundation is (colocation with infinite score), or may only run
 * while its foundation does (mandatory order).
 */
export interface Stacking {
  /** Directly below. */
  readonly foundations: (resource: ResourceId) => readonly ResourceId[];
  /** Directly above. */
  readonly followers: (resource: ResourceId) => readonly ResourceId[];
}

export function stackingOf(facts: Pick<Facts, 'definitions' | 'colocations' | 'orders'>): Stacking {
  const below = new Map<ResourceId, Set<ResourceId>>();
  const above = new Map<ResourceId, Set<ResourceId>>();
  const stand = (upper: ResourceId, lower: ResourceId): void => {
    entryOf(below, upper).add(lower);
    entryOf(above, lower).add(upper);
  };
  for (const { id } of facts.definitions) {
    for (const colocation of facts.colocations.get(id) ?? [])
      if (bindsTogether(colocation)) stand(id, colocation.with);
    for (const order of facts.orders.get(id) ?? []) if (bindsInTime(order)) stand(id, order.first);
  }
  const lists = (sets: ReadonlyMap<ResourceId, ReadonlySet<ResourceId>>) => {
    const known = new Map([...sets].map(([id, set]) => [id, [...set]]));
    return (id: ResourceId): readonly ResourceId[] => known.get(id) ?? [];
  };
  return { foundations: lists(below), followers: lists(above) };
}

export const bindsTogether = ({ score }: Colocation): boolean => score >= INFINITY;

const bindsInTime = ({ kind }: Order): boolean => kind === 'mandatory';

function entryOf(sets: Map<ResourceId, Set<ResourceId>>, id: ResourceId): Set<ResourceId> {
  const known = sets.get(id);
  if (known !== undefined) return known;
  const made = new Set<ResourceId>();
  sets.set(id, made);
  return made;
}
