/**
 * A pure function of an immutable value that is computed once for each: the engine asks the same after every input, and
 * with many LUNs little of what it asks about has changed.
 */
export function remembered<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const last = known.get(key);
    if (last !== undefined) return last.value;
    const value = compute(key);
    known.set(key, { value });
    return value;
  };
}

/** The same for a function of two values; of the second only the last is remembered with each first. */
export function rememberedPair<Key extends object, Second extends object, Value>(
  compute: (key: Key, second: Second) => Value,
): (key: Key, second: Second) => Value {
  const known = new WeakMap<Key, { readonly second: Second; readonly value: Value }>();
  return (key, second) => {
    const last = known.get(key);
    if (last?.second === second) return last.value;
    const value = compute(key, second);
    known.set(key, { second, value });
    return value;
  };
}
