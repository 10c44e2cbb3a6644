import { readFileSync, statSync } from 'node:fs';
import { Writable } from 'node:stream';
import { createInterface } from 'node:readline/promises';
import { usage } from './failures.ts';
import type { Output } from './output.ts';

const standardInput = '-';
const terminal = 'prompt';

/** Of what is read, one line end at most is not part of the secret: editors and `echo` put it there. */
const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '');

/**
 * A secret from a file, from standard input (`-`), or from the person at the terminal (`prompt`), who does not see it. Never
 * from an argument, which every user of the machine could see.
 */
export async function readSecret(from: string, what: string, output: Output): Promise<string> {
  if (from === terminal) return ask(`${what}: `);
  if (from !== standardInput && isReadByOthers(from))
    output.tell(`warning: ${from} holds ${what} and others may read it: chmod 600 ${from}`);
  try {
    return withoutLineEnd(readFileSync(from === standardInput ? 0 : from, 'utf8'));
  } catch (problem) {
    throw usage(`${from} cannot be read: ${(problem as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
}

function isReadByOthers(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && (found.mode & 0o077) !== 0;
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw usage('there is no terminal to ask for a secret: give a file, or -');
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
