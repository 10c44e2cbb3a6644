import { invariant, type Colocation, type Order, type ResourceId } from '../../model/index.ts';
import type { Definition } from './facts.ts';

/** Every resource after those it follows or must start after; otherwise in the order of the blueprint. */
export function inOrderOfNeed(
  definitions: readonly Definition[],
  colocations: readonly Colocation[],
  orders: readonly Order[],
): readonly Definition[] {
  const later = new Map<ResourceId, ResourceId[]>(definitions.map(({ id }) => [id, []]));
  const open = new Map<ResourceId, number>(definitions.map(({ id }) => [id, 0]));
  const edge = (first: ResourceId, then: ResourceId): void => {
    later.get(first)?.push(then);
    open.set(then, (open.get(then) ?? 0) + 1);
  };
  for (const constraint of colocations) edge(constraint.with, constraint.resource);
  for (const { first, then } of orders) edge(first, then);
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  const sorted = definitions.filter(({ id }) => open.get(id) === 0);
  for (const { id } of sorted) {
    for (const then of later.get(id) ?? []) {
      const left = (open.get(then) ?? 0) - 1;
      open.set(then, left);
      const definition = byId.get(then);
      if (left === 0 && definition !== undefined) sorted.push(definition);
    }
  }
  invariant(sorted.length === definitions.length, 'colocations and orders contain no circle');
  return sorted;
}
