import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { usage } from './failures.ts';

/** Asks on the terminal, without an echo. */
export async function askSecret(question: string, otherwise: string): Promise<string> {
  if (!process.stdin.isTTY) throw usage(`${otherwise} where nobody can be asked`);
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
