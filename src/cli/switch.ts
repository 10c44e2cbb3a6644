import { usage } from './failures.ts';

/** `on` or `off`. */
export function switchOf(text: string, what: string): boolean {
  if (text === 'on') return true;
  if (text === 'off') return false;
  throw usage(`${what} must be on or off, not ${text}`);
}
