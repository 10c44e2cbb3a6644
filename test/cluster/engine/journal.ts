import { appendFileSync, readFileSync } from 'node:fs';

/** Milliseconds of the machine's own clock, which all processes of all namespaces share and nothing sets back. */
export const machineTime = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * What really happened on a node, as its resources and the power switch tell: the engine has no part in it. `claimed`
 * is written right after a resource has become active and has the time of before; `released` right before it ends. So
 * a process that is killed in between never makes two nodes look active when they were not.
 */
export type JournalEntry = { readonly at: number; readonly node: string } & (
  | { readonly kind: 'claimed'; readonly claim: string; readonly identity: string }
  | { readonly kind: 'released'; readonly claim: string }
  /** An operation other than a look was begun. */
  | { readonly kind: 'touched'; readonly operation: string; readonly resource: string }
  /** Something was done that no engine may ask for, such as starting what lacks its foundation. */
  | { readonly kind: 'strayed'; readonly message: string }
  /** The node's power is off: everything on it is over. */
  | { readonly kind: 'off' }
  | { readonly kind: 'on' }
);

/** One write a line: lines of several processes do not mix. */
export const writeJournal = (path: string, entry: JournalEntry): void =>
  appendFileSync(path, `${JSON.stringify(entry)}\n`);

/** In the order of time. */
export const readJournals = (paths: readonly string[]): readonly JournalEntry[] =>
  paths.flatMap(readJournal).sort((a, b) => a.at - b.at);

function readJournal(path: string): readonly JournalEntry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JournalEntry);
}
