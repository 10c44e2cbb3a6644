import { usage } from './failures.ts';

const units = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 } as const;

/** Milliseconds, from `500ms`, `10s`, `5min`, `1h`. */
export function durationOf(text: string, option: string): number {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|min|h)$/.exec(text) ?? [];
  if (number === undefined || unit === undefined)
    throw usage(`${option} must be a time such as 500ms, 10s, 5min or 1h, not ${text}`);
  return Math.round(Number(number) * units[unit as keyof typeof units]);
}
