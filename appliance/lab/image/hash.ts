import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Twelve hexadecimal digits that stand for these words, in this order. */
export function shortHash(words: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const word of words) {
    hash.update(`${word.length}:`);
    hash.update(word);
  }
  return hash.digest('hex').slice(0, 12);
}

/** The hash of a folder's files, names and contents. */
export async function hashFolder(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const words: (string | Uint8Array)[] = [];
  for (const name of names) words.push(name.slice(folder.length), await readFile(name));
  return shortHash(words);
}
