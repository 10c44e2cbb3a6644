/**
 * Equal as data: the same fields with equal values, in whatever order they were given. `isExact` false: ids that nothing
 * can refer to (of expressions, dates, fencing levels) may
 * differ, and an 'and' that goes without saying may be missing.
 */
export function isSame(a: unknown, b: unknown, isExact: boolean): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = fieldsOf(a, isExact);
  const right = new Map(fieldsOf(b, isExact));
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && isSame(value, right.get(key), isExact))
  );
}

function fieldsOf(thing: object, isExact: boolean): readonly [string, unknown][] {
  const fields = Object.entries(thing) as [string, unknown][];
  if (isExact) return fields;
  const hidesId = isWithoutReferences(thing);
  return fields.filter(
    ([key, value]) => !(hidesId && key === 'id') && !(key === 'booleanOp' && value === 'and'),
  );
}

const isWithoutReferences = (thing: object): boolean =>
  ('kind' in thing && (thing.kind === 'attribute' || thing.kind === 'date')) ||
  ('index' in thing && 'devices' in thing) ||
  ('fields' in thing && !('resources' in thing || 'meta' in thing || 'sets' in thing));
