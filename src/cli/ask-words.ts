import { createInterface } from 'node:readline/promises';
import { usage } from './failures.ts';
import type { Output } from './output.ts';

/** What a person types who has read `warning`. Where nobody can be asked, it has to be given. */
export async function askForWords(
  output: Output,
  { words, warning, question }: Readonly<Record<'words' | 'warning' | 'question', string>>,
): Promise<string> {
  if (!process.stdin.isTTY) throw usage(`give --acknowledge '${words}' where nobody can be asked`);
  output.tell(warning);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`${question}, type '${words}': `);
  } finally {
    terminal.close();
  }
}
