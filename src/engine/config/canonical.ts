const known = new WeakMap<object, string>();

/**
 * JSON with sorted keys: the same value gives the same text, and so the same hash, on every node. Of a value that never
 * changes, as all configuration: a part that was written before is not written again.
 */
export function canonical(value: unknown): string {
  return textOf(value) ?? 'null';
}

function textOf(value: unknown): string | undefined {
  // JSON's own rules for all that has no keys to sort; undefined where it leaves a value out.
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const before = known.get(value);
  if (before !== undefined) return before;
  const text = Array.isArray(value) ? `[${value.map(canonical).join(',')}]` : `{${members(value).join(',')}}`;
  known.set(value, text);
  return text;
}

function members(value: object): readonly string[] {
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.flatMap(([key, inner]) => {
    const text = textOf(inner);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
  });
}
