import { ROLE, type Role } from '../unpack/resource.ts';
import { parseDuration } from './duration.ts';
import { lower } from './text.ts';

export { compareNames, equalsIgnoringCase } from './text.ts';

/** A score from which on nothing else counts ("Pacemaker Explained", infinity math). */
export const INFINITY = 1_000_000;

/** Sums within plus and minus infinity; minus infinity always wins ("Pacemaker Explained", infinity math). */
export function addScores(first: number, second: number): number {
  if (first <= -INFINITY || second <= -INFINITY) return -INFINITY;
  if (first >= INFINITY || second >= INFINITY) return INFINITY;
  return Math.min(Math.max(first + second, -INFINITY), INFINITY);
}

const MOST_INTEGER = 2_147_483_647;
const MOST_INTERVAL = 4_294_967_295;

const TRUE_WORDS = new Set(['true', 'on', 'yes', 'y', '1']);
const FALSE_WORDS = new Set(['false', 'off', 'no', 'n', '0']);

/** `undefined`: neither true nor false. */
export function parseBoolean(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  const word = lower(text);
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

export function isTrue(text: string | undefined): boolean {
  return parseBoolean(text) === true;
}

const INTEGER = /^[ \t\n\v\f\r]*([+-]?[0-9]+)/;

/** The whole number that `text` begins with; what follows is not looked at. `undefined`: none, or beyond 64 bits. */
export function parseInteger(text: string | undefined): number | undefined {
  const digits = text === undefined ? undefined : INTEGER.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  return Math.abs(value) >= 2 ** 63 ? undefined : value;
}

/** A count: what is less than `minimum` or no number counts as `minimum`. */
export function parseCount(text: string, minimum: number): number {
  const value = parseInteger(text) ?? minimum;
  return Math.min(Math.max(value, minimum), MOST_INTEGER);
}

/** Numbers, `INFINITY`, `+INFINITY`, `-INFINITY`; anything else counts as 0. The result is within infinity. */
export function parseScore(text: string | undefined): number {
  if (text === undefined) return 0;
  const word = lower(text);
  if (word === '-infinity') return -INFINITY;
  if (word === 'infinity' || word === '+infinity') return INFINITY;
  const value = parseInteger(text) ?? 0;
  return Math.min(Math.max(value, -INFINITY), INFINITY);
}

/** Whether `text` can be read as a score at all. */
export function isScore(text: string): boolean {
  return parseInteger(text) !== undefined || /^([+-]?infinity|red|yellow|green)$/i.test(text);
}

const SPAN = /^[ \t\n\r\f]*([0-9.]+)[ \t\n\r\f]*(.*)$/s;

/** Milliseconds by unit prefix; `us` is a thousandth. The sequence matters: `ms` before `m`. */
const UNITS: readonly (readonly [prefix: string, milliseconds: number])[] = [
  ['ms', 1],
  ['us', 0.001],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
];

/**
 * A span of time as a number with a unit (`20`, `20s`, `1min`, `500ms`, `1h`), in milliseconds; seconds where no unit
 * is given, fractions are cut off. `undefined`: cannot be understood.
 */
export function parseMilliseconds(text: string | undefined): number | undefined {
  const match = text === undefined ? null : SPAN.exec(text);
  const unit = lower(match?.[2] ?? '');
  const factor = UNITS.find(([prefix]) => unit.startsWith(prefix))?.[1];
  if (match === null || (factor === undefined && unit !== '' && !/^[\n\r]/.test(unit))) return undefined;
  const digits = /^[0-9]+/.exec(match[1] ?? '')?.[0];
  return digits === undefined ? undefined : Math.trunc(Number(digits) * (factor ?? 1000));
}

/** As `parseInterval`, but tells what cannot be understood from 0. */
export function tryInterval(text: string): number | undefined {
  const milliseconds = text.startsWith('P') ? parseDuration(text) : parseMilliseconds(text);
  return milliseconds === undefined || milliseconds < 0 ? undefined : Math.min(milliseconds, MOST_INTERVAL);
}

/** An interval in milliseconds: a number with a unit or an ISO 8601 duration; 0 where it cannot be understood. */
export function parseInterval(text: string | undefined): number {
  return text === undefined ? 0 : (tryInterval(text) ?? 0);
}

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ['stopped', ROLE.stopped],
  ['started', ROLE.started],
  ['unpromoted', ROLE.unpromoted],
  ['slave', ROLE.unpromoted],
  ['promoted', ROLE.promoted],
  ['master', ROLE.promoted],
]);

/** `unknown` for what is no role. The older words for promoted and unpromoted count too. */
export function parseRole(text: string | undefined): Role {
  return (text === undefined ? undefined : ROLES.get(lower(text))) ?? ROLE.unknown;
}
