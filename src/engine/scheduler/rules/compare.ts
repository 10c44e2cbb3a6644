import { parseInteger } from './values.ts';
import { compareIgnoringCase, lower } from './text.ts';

const DECIMAL = /^\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|[+-]?inf(?:inity)?)/i;

function parseDecimal(text: string): number | undefined {
  const match = DECIMAL.exec(text)?.[1];
  if (match === undefined) return undefined;
  return /inf/i.test(match) ? (match.startsWith('-') ? -Infinity : Infinity) : Number(match);
}

function sign(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Versions part by part, as numbers; a missing part counts as 0, letters end the comparison of what they stand in. */
export function compareVersions(left: string, right: string): number {
  let first: string | undefined = left;
  let second: string | undefined = right;
  while (first !== undefined || second !== undefined) {
    const mine = takePart(first);
    const theirs = takePart(second);
    if (mine.value !== theirs.value) return sign(mine.value, theirs.value);
    if (mine.rest === first && theirs.rest === second) return 0;
    first = mine.rest;
    second = theirs.rest;
  }
  return 0;
}

function takePart(text: string | undefined): { readonly value: number; readonly rest: string | undefined } {
  if (text === undefined) return { value: 0, rest: undefined };
  if (text === '') return { value: -1, rest: undefined };
  const match = /^\s*[+-]?[0-9]+/.exec(text)?.[0] ?? '';
  const rest = text.slice(match.length).replace(/^\./, '');
  return { value: Number(match), rest: rest === '' ? undefined : rest };
}

function compareValues(left: string, right: string, type: string | undefined, operation: string): number {
  const isOrder = ['lt', 'lte', 'gt', 'gte'].includes(operation);
  const guessed = !isOrder ? 'string' : left.includes('.') || right.includes('.') ? 'number' : 'integer';
  switch (type === undefined ? guessed : lower(type)) {
    case 'integer':
    case 'number': {
      const parse = lower(type ?? guessed) === 'integer' ? parseInteger : parseDecimal;
      const mine = parse(left);
      const theirs = parse(right);
      if (mine === undefined || theirs === undefined) return compareIgnoringCase(left, right);
      return sign(mine, theirs);
    }
    case 'version':
      return compareVersions(left, right);
    case 'string':
      return compareIgnoringCase(left, right);
    default:
      return 0;
  }
}

/**
 * Whether an attribute's value is as an expression asks for ("Pacemaker Explained", rules, node attribute
 * expressions). Without a type, orders compare numbers and equality compares text without its case.
 */
export function accepts(
  found: string | undefined,
  wanted: string | undefined,
  type: string | undefined,
  operation: string,
): boolean {
  const word = lower(operation);
  if (word === 'defined') return found !== undefined;
  if (word === 'not_defined') return found === undefined;
  if (found === undefined || wanted === undefined) {
    if (word === 'eq') return found === wanted;
    return word === 'ne' && found !== wanted;
  }
  const order = compareValues(found, wanted, type, word);
  switch (word) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    default:
      return false;
  }
}
