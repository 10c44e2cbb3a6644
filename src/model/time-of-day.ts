import type { Milliseconds } from './units.ts';

const DAY = 86_400_000;
/** Days of 400 years, of a century, and of four years within one; the year begins in March here, and so ends with a leap day. */
const [FOUR_CENTURIES, CENTURY, FOUR_YEARS] = [146_097, 36_524, 1461];
/** Days from 1 March of the year 0 to 1 January 1970. */
const EPOCH = 719_468;
/** Five months from March on have so many days, and the next five again. */
const FIVE_MONTHS = 153;

const digits = (value: number, length = 2): string => String(value).padStart(length, '0');

/** `2026-11-23`, so many days after 1970-01-01. */
function dayInUtc(days: number): string {
  const day = days + EPOCH;
  const cycle = Math.floor(day / FOUR_CENTURIES);
  const ofCycle = day - cycle * FOUR_CENTURIES;
  const century = Math.min(3, Math.floor(ofCycle / CENTURY));
  const ofCentury = ofCycle - century * CENTURY;
  const quarter = Math.floor(ofCentury / FOUR_YEARS);
  const ofQuarter = ofCentury - quarter * FOUR_YEARS;
  const year = Math.min(3, Math.floor(ofQuarter / 365));
  const ofYear = ofQuarter - year * 365;
  const sinceMarch = Math.floor((5 * ofYear + 2) / FIVE_MONTHS);
  const date = ofYear - Math.floor((FIVE_MONTHS * sinceMarch + 2) / 5) + 1;
  const isNext = sinceMarch >= 10;
  const written = cycle * 400 + century * 100 + quarter * 4 + year + (isNext ? 1 : 0);
  return [digits(written, 4), digits(sinceMarch + (isNext ? -9 : 3)), digits(date)].join('-');
}

/** For people: `2026-11-23 10:00:00 UTC`, of milliseconds since 1970. */
export function inUtc(at: Milliseconds): string {
  const days = Math.floor(at / DAY);
  const seconds = Math.floor((at - days * DAY) / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${dayInUtc(days)} ${clock.map((part) => digits(part)).join(':')} UTC`;
}
