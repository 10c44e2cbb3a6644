/**
 * The Gregorian calendar on plain numbers. A moment is seconds since 1970-01-01 00:00 UTC; a date is what a calendar
 * and a clock on the wall show at some offset from UTC.
 */

/** `day`: of the year, from 1. `second`: of the day, from 0. `offset`: of the wall clock from UTC, in seconds. */
export interface WallDate {
  readonly year: number;
  readonly day: number;
  readonly second: number;
  readonly offset: number;
}

export const DAY_SECONDS = 86_400;
/** Days from 0001-01-01 to 1970-01-01. */
const EPOCH_DAYS = 719_162;

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInYear(year: number): number {
  return isLeapYear(year) ? 366 : 365;
}

/** 0 for what is no month. */
export function daysInMonth(month: number, year: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** Days from 0001-01-01 to the first of January of `year`. */
function daysBeforeYear(year: number): number {
  const passed = year - 1;
  return passed * 365 + Math.floor(passed / 4) - Math.floor(passed / 100) + Math.floor(passed / 400);
}

/** Day of the year of a day of a month. */
export function dayOfYear(year: number, month: number, day: number): number {
  let result = day;
  for (let before = 1; before < Math.min(month, 13); before += 1) result += daysInMonth(before, year);
  return result;
}

export function monthAndDay(date: WallDate): { readonly month: number; readonly day: number } {
  let month = 1;
  let day = date.day;
  while (month < 12 && day > daysInMonth(month, date.year)) {
    day -= daysInMonth(month, date.year);
    month += 1;
  }
  return { month, day };
}

/** 1: Monday, ... 7: Sunday. */
export function januaryFirstWeekday(year: number): number {
  return 1 + (((daysBeforeYear(year) % 7) + 7) % 7);
}

/** Weeks of the ISO year (ISO 8601: a week belongs to the year that its Thursday is in). */
export function weeksInYear(year: number): number {
  return januaryFirstWeekday(year) === 4 || januaryFirstWeekday(year + 1) === 5 ? 53 : 52;
}

export function isoWeek(date: WallDate): {
  readonly year: number;
  readonly week: number;
  readonly weekday: number;
} {
  const first = januaryFirstWeekday(date.year);
  const weekday = 1 + ((date.day + first - 2) % 7);
  const week = Math.floor((date.day - weekday + 10) / 7);
  if (week < 1) return { year: date.year - 1, week: weeksInYear(date.year - 1), weekday };
  if (week > weeksInYear(date.year)) return { year: date.year + 1, week: 1, weekday };
  return { year: date.year, week, weekday };
}

/** Seconds since 1970, UTC. */
export function momentOf(date: WallDate): number {
  const days = daysBeforeYear(date.year) + date.day - 1 - EPOCH_DAYS;
  return days * DAY_SECONDS + date.second - date.offset;
}

/** What the wall clock shows at a moment. */
export function wallDateAt(moment: number, offset: number): WallDate {
  const local = Math.floor(moment) + offset;
  const days = Math.floor(local / DAY_SECONDS) + EPOCH_DAYS;
  let year = Math.floor(days / 365.2425) + 1;
  while (daysBeforeYear(year) > days) year -= 1;
  while (daysBeforeYear(year + 1) <= days) year += 1;
  return {
    year,
    day: days - daysBeforeYear(year) + 1,
    second: local - Math.floor(local / DAY_SECONDS) * DAY_SECONDS,
    offset,
  };
}

export function addDays(date: WallDate, days: number): WallDate {
  return wallDateAt(momentOf({ ...date, day: date.day + days }), date.offset);
}

export function addSeconds(date: WallDate, seconds: number): WallDate {
  return wallDateAt(momentOf(date) + seconds, date.offset);
}

/** Keeps the day of the month; where the month is too short, its last day. */
export function addMonths(date: WallDate, months: number): WallDate {
  const start = monthAndDay(date);
  const index = date.year * 12 + start.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  const day = Math.min(start.day, daysInMonth(month, year));
  return { ...date, year, day: dayOfYear(year, month, day) };
}

/** Keeps the day of the year, not that of the month: after 29 February both may differ. */
export function addYears(date: WallDate, years: number): WallDate {
  return { ...date, year: date.year + years };
}

/** 0: new moon, 4: full moon, by the rule that NetHack made popular. */
export function moonPhase(date: WallDate): number {
  const golden = (date.year % 19) + 1;
  let epact = (11 * golden + 18) % 30;
  if ((epact === 25 && golden > 11) || epact === 24) epact += 1;
  return Math.floor((((date.day + epact) * 6 + 11) % 177) / 22) & 7;
}
