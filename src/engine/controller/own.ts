import type { Draft } from './state.ts';

/**
 * A copy of the record that this step may change in place: made once a step, however many of its inputs change it. With
 * hundreds of LUNs a copy for each change would cost more than all the rest. Outside of the step nobody sees it change;
 * within it nothing may be remembered by the identity of what it owns.
 */
export function own<Value>(draft: Draft, record: Readonly<Record<string, Value>>): Record<string, Value> {
  if (draft.owned.has(record)) return record;
  const copy = { ...record };
  draft.owned.add(copy);
  return copy;
}

export function ownMap<Key, Value>(draft: Draft, map: ReadonlyMap<Key, Value>): Map<Key, Value> {
  if (draft.owned.has(map)) return map as Map<Key, Value>;
  const copy = new Map(map);
  draft.owned.add(copy);
  return copy;
}

export function ownSet<Item>(draft: Draft, set: ReadonlySet<Item>): Set<Item> {
  if (draft.owned.has(set)) return set as Set<Item>;
  const copy = new Set(set);
  draft.owned.add(copy);
  return copy;
}
