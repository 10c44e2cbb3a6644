/** What commands write to; a parameter, so that standard output stays clean for programs. */
export interface Output {
  /** For the answer. */
  print(text: string): void;
  /** For progress and warnings. */
  tell(text: string): void;
}

export const processOutput: Output = {
  print: (text) => void process.stdout.write(`${text}\n`),
  tell: (text) => void process.stderr.write(`${text}\n`),
};

/** The body as the API sent it. */
export const printJson = (output: Output, body: unknown): void =>
  output.print(JSON.stringify(body, undefined, 2));

/** Columns as wide as their widest cell; nothing where there are no rows. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What others named may hold anything; a terminal must not obey it. */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '?');
