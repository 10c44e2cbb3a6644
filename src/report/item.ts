/** One file of the archive, and how its content is got. */
export type Item = ProgramItem | AnswerItem;

interface Named {
  /** Path in the archive. */
  readonly name: string;
}

/** Standard output of a program, which is started without a shell. */
export interface ProgramItem extends Named {
  readonly kind: 'program';
  readonly program: string;
  readonly args: readonly string[];
  /** Of so many lines only the newest were asked for; absent: all. */
  readonly lines?: number;
}

/** What the API answers. */
export interface AnswerItem extends Named {
  readonly kind: 'answer';
  /** For the index: `GET /status`. */
  readonly source: string;
  /** Rejects with an `Error` where there is no answer; `unreachable` of it is true where asking on is of no use. */
  readonly ask: () => Promise<string>;
}

/** A line of the archive's index. */
export interface Entry {
  readonly name: string;
  /** The command, or the request. */
  readonly source: string;
  /** ISO 8601. */
  readonly at: string;
  /** In the archive; 0: the file is not there. */
  readonly bytes: number;
  /** Of a program that ended by itself. */
  readonly exitCode?: number;
  /** Why it is missing or not whole; absent where all is well. */
  readonly reason?: string;
}

export const sourceOf = (item: Item): string =>
  item.kind === 'program' ? [item.program, ...item.args].join(' ') : item.source;

export const program = (name: string, path: string, ...args: readonly string[]): ProgramItem => ({
  kind: 'program',
  name,
  program: path,
  args,
});
