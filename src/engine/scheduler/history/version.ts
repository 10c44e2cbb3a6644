/** Which of two versions (`3.16.1`) is the newer one: negative, 0 or positive. Missing parts count as 0. */
export function compareVersions(left: string, right: string): number {
  const mine = left.split('.');
  const theirs = right.split('.');
  for (let part = 0; part < Math.max(mine.length, theirs.length); part += 1) {
    const difference = numberIn(mine[part]) - numberIn(theirs[part]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numberIn(part: string | undefined): number {
  const value = Number.parseInt(part ?? '', 10);
  return Number.isNaN(value) ? 0 : value;
}
