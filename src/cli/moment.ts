import { usage } from './failures.ts';

/** Seconds since 1970 of a time as people write it; else of the document; else now. */
export function momentOf(asked: string | undefined, recorded: string | undefined): number {
  if (asked !== undefined) {
    const milliseconds = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked.replace(' ', 'T'));
    if (Number.isNaN(milliseconds))
      throw usage(`--at is a time such as 2026-11-21T15:00:00Z, or seconds since 1970, not ${asked}`);
    return Math.floor(milliseconds / 1000);
  }
  const seconds = Number(recorded ?? 0);
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : Math.floor(Date.now() / 1000);
}

/** How far local time is from UTC then, in seconds: date rules go by local time. */
export const utcOffsetAt = (now: number): number => -60 * new Date(now * 1000).getTimezoneOffset();
