/** Comparisons of names that do not care for the case of ASCII letters, as Pacemaker compares most of its words. */

export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function equalsIgnoringCase(left: string | undefined, right: string | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined || left.length !== right.length) return false;
  return lower(left) === lower(right);
}

/** -1, 0 or 1, like C's strcasecmp on the bytes of ASCII text. */
export function compareIgnoringCase(left: string, right: string): number {
  const first = lower(left);
  const second = lower(right);
  return first < second ? -1 : first > second ? 1 : 0;
}

const DIGITS = /[0-9]+/y;

function digitsAt(text: string, position: number): string {
  DIGITS.lastIndex = position;
  return DIGITS.exec(text)?.[0] ?? '';
}

/**
 * The order of nodes by name: runs of digits count as numbers (`node2` before `node10`, `7` before `007`), letters
 * without their case.
 */
export function compareNames(left: string, right: string): number {
  const first = lower(left);
  const second = lower(right);
  let here = 0;
  let there = 0;
  while (here < first.length && there < second.length) {
    const mine = digitsAt(first, here);
    const theirs = digitsAt(second, there);
    if (mine !== '' && theirs !== '') {
      const difference = Number(mine) - Number(theirs) || mine.length - theirs.length;
      if (difference !== 0) return difference < 0 ? -1 : 1;
      here += mine.length;
      there += theirs.length;
    } else {
      const difference = first.charCodeAt(here) - second.charCodeAt(there);
      if (difference !== 0) return difference < 0 ? -1 : 1;
      here += 1;
      there += 1;
    }
  }
  return Math.sign(first.length - here - (second.length - there));
}
