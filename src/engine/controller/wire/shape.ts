import type { Bytes, Milliseconds } from '../../../model/index.ts';

/**
 * Says what is wrong with a value, and where: `action.timeout is no number`; undefined where it is a `Value`.
 * Fields that no check knows are left alone.
 */
export interface Check<Value> {
  (value: unknown, place: string): string | undefined;
  /** Only for the compiler. */
  readonly of?: Value;
}

/** One check for each field, those that may be left out included. */
export type Shape<Fields> = { readonly [Name in keyof Required<Fields>]-?: Check<Fields[Name]> };

type Loose = Readonly<Record<string, Check<unknown>>>;

export const text: Check<string> = (value, place) =>
  typeof value === 'string' ? undefined : `${place} is no text`;

export const flag: Check<boolean> = (value, place) =>
  typeof value === 'boolean' ? undefined : `${place} is neither true nor false`;

export const number: Check<number> = (value, place) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : `${place} is no number`;

export const duration: Check<Milliseconds> = (value, place) => number(value, place);

/** A count, a size, or a number that counts up. */
export const whole: Check<number> = (value, place) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? undefined
    : `${place} is no whole number`;

export const size: Check<Bytes> = (value, place) => whole(value, place);

export const oneOf =
  <const Value extends string | number | boolean>(...values: readonly Value[]): Check<Value> =>
  (value, place) =>
    values.some((allowed) => allowed === value) ? undefined : `${place} is none of ${values.join(', ')}`;

export const optional =
  <Value>(check: Check<Value>): Check<Value | undefined> =>
  (value, place) =>
    value === undefined ? undefined : check(value, place);

export const list =
  <Value>(check: Check<Value>): Check<readonly Value[]> =>
  (value, place) =>
    Array.isArray(value)
      ? firstOf(value.length, (index) => check(value[index], `${place}[${index}]`))
      : `${place} is no list`;

export const record =
  <Value>(check: Check<Value>): Check<Readonly<Record<string, Value>>> =>
  (value, place) => {
    if (!isRecord(value)) return `${place} is no object`;
    const names = Object.keys(value);
    return firstOf(names.length, (index) => {
      const name = names[index] ?? '';
      return check(value[name], `${place}.${name}`);
    });
  };

export const object = <Fields extends object>(shape: Shape<Fields>): Check<Fields> => {
  const checks = Object.entries(shape as Loose);
  return (value, place) => {
    if (!isRecord(value)) return `${place} is no object`;
    return firstOf(checks.length, (index) => {
      const [name, check] = checks[index] ?? [];
      return name === undefined ? undefined : check?.(value[name], `${place}.${name}`);
    });
  };
};

export const either =
  <First, Second>(first: Check<First>, second: Check<Second>): Check<First | Second> =>
  (value, place) =>
    first(value, place) === undefined ? undefined : second(value, place);

/** One shape for each `kind`. */
export type Kinds<Union extends { readonly kind: string }> = {
  readonly [Kind in Union['kind']]: Shape<Omit<Extract<Union, { readonly kind: Kind }>, 'kind'>>;
};

export const byKind = <Union extends { readonly kind: string }>(kinds: Kinds<Union>): Check<Union> => {
  const checks = new Map<unknown, Check<unknown>>(
    Object.entries(kinds).map(([kind, shape]) => [kind, object(shape as Shape<object>)]),
  );
  return (value, place) => {
    if (!isRecord(value)) return `${place} is no object`;
    const check = checks.get(value['kind']);
    return check === undefined ? `${place} is of an unknown kind` : check(value, place);
  };
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function firstOf(count: number, problemAt: (index: number) => string | undefined): string | undefined {
  for (let index = 0; index < count; index += 1) {
    const problem = problemAt(index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
