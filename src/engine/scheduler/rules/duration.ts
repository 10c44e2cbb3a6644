import { daysInYear } from './calendar.ts';

const PART = /^([+:-]?)([0-9]{1,10})([YMWDHS])/;

/**
 * A duration of ISO 8601 (`PT1M30S`) in milliseconds, counted as Pacemaker 2.1 counts it: months have 30 days, and the
 * first year and the first day of a duration do not count (`P1D` is nothing, `P2D` one day). `undefined`: cannot be
 * understood.
 */
export function parseDuration(text: string): number | undefined {
  const end = text.search(/[/\s]/);
  let rest = text.slice(1, end === -1 ? undefined : end);
  if (!text.startsWith('P') || rest === '') return undefined;
  let isTime = false;
  let years = 0;
  let months = 0;
  let days = 0;
  let seconds = 0;
  while (rest !== '') {
    if (rest.startsWith('T')) {
      isTime = true;
      rest = rest.slice(1);
      continue;
    }
    const part = PART.exec(rest);
    if (part === null) return undefined;
    const amount = Number(part[2]) * (part[1] === '-' ? -1 : 1);
    rest = rest.slice(part[0].length);
    if (part[3] === 'Y') years = amount;
    else if (part[3] === 'W') days += amount * 7;
    else if (part[3] === 'D') days += amount;
    else if (part[3] === 'H') seconds += amount * 3600;
    else if (part[3] === 'S') seconds += amount;
    else if (isTime) seconds += amount * 60;
    else months = amount;
  }
  let total = Math.max(months, 0) * 30 + Math.max(days - 1, 0);
  for (let year = 1; year < Math.min(years, 10_000); year += 1) total += daysInYear(year);
  return (total * 86_400 + seconds) * 1000;
}
