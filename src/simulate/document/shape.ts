import type { Finding } from '../../model/index.ts';

/** What a value of JSON must look like. A list leaves out members that do not fit; an object takes its fields one by one. */
export type Shape =
  | { readonly kind: 'text' }
  | { readonly kind: 'flag' }
  /** Any names, each with a text. */
  | { readonly kind: 'texts' }
  /** A text, or something else. */
  | { readonly kind: 'text-or'; readonly of: () => Shape }
  | { readonly kind: 'list'; readonly of: () => Shape }
  | {
      readonly kind: 'object';
      readonly required: Fields;
      readonly optional: Fields;
      /** Lists that count as empty where they are not there. */
      readonly lists: Fields;
    }
  /** The field `kind` says which. */
  | { readonly kind: 'choice'; readonly of: Readonly<Record<string, Shape>> };

export type Fields = Readonly<Record<string, Shape>>;

export const text: Shape = { kind: 'text' };
export const flag: Shape = { kind: 'flag' };
export const texts: Shape = { kind: 'texts' };
export const textOr = (of: () => Shape): Shape => ({ kind: 'text-or', of });
export const list = (of: () => Shape): Shape => ({ kind: 'list', of });
export const object = (required: Fields, lists: Fields = {}, optional: Fields = {}): Shape => ({
  kind: 'object',
  required,
  lists,
  optional,
});

/** What does not fit. */
const UNFIT = Symbol('unfit');

type Note = (code: Finding['code'], place: string, message: string) => void;

/** The value with all that does not fit left out, or `undefined` where nothing of it can be used. */
export const fit = (shape: Shape, value: unknown, place: string, note: Note): unknown => {
  const fitting = fitTo(shape, value, place, note);
  return fitting === UNFIT ? undefined : fitting;
};

const fitTo = (shape: Shape, value: unknown, place: string, note: Note): unknown => {
  switch (shape.kind) {
    case 'text-or':
      return typeof value === 'string' ? value : fitTo(shape.of(), value, place, note);
    case 'text':
      if (typeof value === 'string') return value;
      // People write numbers and booleans without quotes; the model keeps everything as text.
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      return unfit(note, place, 'This is no text.');
    case 'flag':
      return typeof value === 'boolean' ? value : unfit(note, place, 'This is neither true nor false.');
    case 'texts':
      if (!isObject(value)) return unfit(note, place, 'This is no object with texts.');
      return entriesThatFit(Object.entries(value), () => text, place, note);
    case 'list':
      if (!Array.isArray(value)) return unfit(note, place, 'This is no list.');
      return value
        .map((member: unknown, index) => fitTo(shape.of(), member, `${place}[${index}]`, note))
        .filter((member) => member !== UNFIT);
    case 'choice': {
      const chosen =
        isObject(value) && typeof value['kind'] === 'string' ? shape.of[value['kind']] : undefined;
      if (chosen === undefined)
        return unfit(note, place, `The field 'kind' must be one of ${Object.keys(shape.of).join(', ')}.`);
      return fitTo(chosen, value, place, note);
    }
    case 'object':
      return fitObject(shape, value, place, note);
  }
};

const unfit = (note: Note, place: string, message: string): typeof UNFIT => {
  note('bad_value', place, `${message} It is left out.`);
  return UNFIT;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entriesThatFit = (
  entries: readonly (readonly [string, unknown])[],
  shapeOf: (name: string) => Shape,
  place: string,
  note: Note,
): Record<string, unknown> =>
  Object.fromEntries(
    entries
      .map(([name, value]) => [name, fitTo(shapeOf(name), value, `${place}.${name}`, note)] as const)
      .filter(([, value]) => value !== UNFIT),
  );

const fitObject = (
  { required, optional, lists }: Extract<Shape, { kind: 'object' }>,
  value: unknown,
  place: string,
  note: Note,
): unknown => {
  if (!isObject(value)) return unfit(note, place, 'This is no object.');
  const shapes: Fields = { ...required, ...optional, ...lists };
  const known = Object.entries(value).filter(([name]) => {
    if (Object.hasOwn(shapes, name)) return true;
    note('unknown_element', `${place}.${name}`, 'A field with this name is not known; it is left out.');
    return false;
  });
  const fitting = entriesThatFit(known, (name) => shapes[name] ?? text, place, note);
  const missing = Object.keys(required).filter((name) => !Object.hasOwn(fitting, name));
  if (missing.length > 0) {
    note('missing_field', place, `The field '${missing.join("', '")}' is missing; the part is left out.`);
    return UNFIT;
  }
  for (const name of Object.keys(lists)) fitting[name] ??= [];
  return fitting;
};
