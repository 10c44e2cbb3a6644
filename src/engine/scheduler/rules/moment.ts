import {
  addDays,
  dayOfYear,
  daysInMonth,
  daysInYear,
  januaryFirstWeekday,
  momentOf,
  wallDateAt,
  weeksInYear,
  DAY_SECONDS,
  type WallDate,
} from './calendar.ts';

/** A day without a time of day. */
interface Day {
  readonly year: number;
  readonly day: number;
}

/** Numbers as C's scanf reads them: blanks before and a sign are allowed. */
const NUMBER = '\\s*([+-]?[0-9]+)';
const GREGORIAN = new RegExp(`^${NUMBER}-${NUMBER}-${NUMBER}`);
const COMPACT = /^\s*([0-9]{4})\s*([0-9]{1,2})\s*([0-9]{1,2})/;
const ORDINAL = new RegExp(`^${NUMBER}-${NUMBER}`);
const WEEK = new RegExp(`^${NUMBER}-W${NUMBER}-${NUMBER}`);
const CLOCK = new RegExp(`^${NUMBER}(?::${NUMBER}(?::${NUMBER})?)?`);
const COMPACT_CLOCK =
  /^\s*([0-9]{1,2}|[+-][0-9])(?:\s*([0-9]{1,2}|[+-][0-9])(?:\s*([0-9]{1,2}|[+-][0-9]))?)?/;

function numbers(match: RegExpExecArray): [number, number, number] {
  return [Number(match[1] ?? 0), Number(match[2] ?? 0), Number(match[3] ?? 0)];
}

function parseDay(text: string): Day | undefined {
  const gregorian = GREGORIAN.exec(text) ?? (ORDINAL.test(text) ? null : COMPACT.exec(text));
  if (gregorian !== null) {
    const [year, month, day] = numbers(gregorian);
    if (month > 12 || day > daysInMonth(month, year)) return undefined;
    return { year, day: dayOfYear(year, month, day) };
  }
  const ordinal = ORDINAL.exec(text);
  if (ordinal !== null) {
    const [year, day] = numbers(ordinal);
    return day > daysInYear(year) ? undefined : { year, day };
  }
  const match = WEEK.exec(text);
  if (match === null) return undefined;
  const [year, week, weekday] = numbers(match);
  if (week > weeksInYear(year) || weekday < 1 || weekday > 7) return undefined;
  const first = januaryFirstWeekday(year);
  const shift = (week - 1) * 7 + (first <= 4 ? 1 - first : 8 - first) + weekday;
  return addDays({ year, day: 0, second: 0, offset: 0 }, shift);
}

/** Seconds of the day; 86,400 for 24:00. */
function parseClock(text: string): number | undefined {
  let match = CLOCK.exec(text);
  if (match !== null && match[2] === undefined) match = COMPACT_CLOCK.exec(text);
  if (match === null) return text === '' ? 0 : undefined;
  const [hour, minute, second] = numbers(match);
  const isMidnight = hour === 24 && minute === 0 && second === 0;
  if ((hour >= 24 && !isMidnight) || minute >= 60 || second >= 60) return undefined;
  if (hour < 0 || minute < 0 || second < 0) return undefined;
  return hour * 3600 + minute * 60 + second;
}

/** Only `Z`, or an offset after a blank, counts; an offset without a blank is taken for local time, as Pacemaker does. */
function parseOffset(time: string, localOffset: number): number | undefined {
  if (time.includes('Z')) return 0;
  const blank = time.indexOf(' ');
  if (blank === -1) return localOffset;
  const text = time.slice(blank).trimStart();
  if (!/^[+0-9-]/.test(text)) return 0;
  const seconds = parseClock(text.replace(/^[+-]/, ''));
  return seconds === undefined ? undefined : text.startsWith('-') ? -seconds : seconds;
}

/** Local time counts in whole minutes. */
function wholeMinutes(offset: number): number {
  return Math.trunc(offset / 60) * 60;
}

/**
 * A date with or without a time of day in a form of ISO 8601: `2024-05-17`, `20240517`, `2024-138`, `2024-W20-5`,
 * `2024-05-17 14:30:00 +02:00`, `2024-05-17T14:30Z`, `T14:30` or `14:30` (today), `epoch`. A date alone begins at
 * midnight UTC; a time without an offset is local. `undefined`: cannot be understood.
 */
export function parseWallDate(text: string, now: number, utcOffset: number): WallDate | undefined {
  const localOffset = wholeMinutes(utcOffset);
  if (/^epoch($|[/\s])/i.test(text)) return { year: 1970, day: 1, second: 0, offset: 0 };
  const isTimeOnly = text.startsWith('T') || text.charAt(2) === ':';
  const day = isTimeOnly ? wallDateAt(now, localOffset) : parseDay(text);
  if (day === undefined) return undefined;

  const separator = /^[0-9W-]*[ T]/.exec(text)?.[0].length;
  const time = isTimeOnly
    ? text.replace(/^T/, '')
    : separator === undefined
      ? undefined
      : text.slice(separator);
  const second = time === undefined ? 0 : parseClock(time);
  const offset = time === undefined ? 0 : parseOffset(time, localOffset);
  if (second === undefined || offset === undefined) return undefined;
  if (day.day < 1 || day.day > daysInYear(day.year)) return undefined;
  const date = { year: day.year, day: day.day, second, offset };
  return second === DAY_SECONDS ? addDays({ ...date, second: 0 }, 1) : date;
}

/** `parseWallDate` in seconds since 1970, UTC. */
export function parseMoment(text: string, now: number, utcOffset: number): number | undefined {
  const date = parseWallDate(text, now, utcOffset);
  return date === undefined ? undefined : momentOf(date);
}
