/** What an agent's exit code means, in Pacemaker's words ("Pacemaker Administration", OCF return codes). */
const MEANINGS: ReadonlyMap<number, string> = new Map([
  [0, 'ok'],
  [1, 'error'],
  [2, 'invalid parameter'],
  [3, 'unimplemented feature'],
  [4, 'insufficient privileges'],
  [5, 'not installed'],
  [6, 'not configured'],
  [7, 'not running'],
  [8, 'promoted'],
  [9, 'promoted (failed)'],
  [190, 'OCF_DEGRADED'],
  [191, 'promoted (degraded)'],
]);

export const exitCodeMeaning = (code: number): string => MEANINGS.get(code) ?? 'unknown';
