import type { LabMachine } from '../../lab/node.ts';

/** One line of a machine's journal; the time in milliseconds since 1970 by that machine's clock. */
export interface JournalLine {
  readonly at: number;
  readonly text: string;
}

/** Reads `journalctl --output short-unix`: seconds with a fraction, host name, then what was said. */
export function parseJournal(text: string): readonly JournalLine[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(\d+\.\d+) \S+ (.*)$/.exec(line);
    return match === null ? [] : [{ at: Number(match[1]) * 1000, text: match[2] ?? '' }];
  });
}

/** A machine's journal since a moment of its own clock (milliseconds); `chosen` are journalctl's own words, such as `--unit=x`. */
export async function readJournal(
  machine: LabMachine,
  since: number,
  chosen: readonly string[],
): Promise<readonly JournalLine[]> {
  const words = ['--no-pager', '--quiet', '--output=short-unix', `--since=@${Math.floor(since / 1000)}`];
  const text = await machine.demand(['journalctl', ...words, ...chosen], { timeout: 300_000 });
  return parseJournal(text).filter(({ at }) => at >= since);
}
