import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What every user of the machine can read of its processes, looked at again and again. */
export function watchProcesses(words: readonly string[]) {
  const seen = new Set<string>();
  const look = (): void => {
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const line = textOf(`/proc/${id}/cmdline`).replaceAll('\0', ' ');
      if (words.some((word) => line.includes(word))) seen.add(line);
    }
  };
  const timer = setInterval(look, 10);
  return {
    seen: (): readonly string[] => [...seen],
    stop: () => clearInterval(timer),
  };
}

/** Files below the folder that hold one of the words and can be read by others than their owner. */
export function openFiles(folder: string, words: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || (statSync(file).mode & 0o077) === 0) return [];
    return wordsIn(textOf(file), words).map((word) => `${file}: ${word}`);
  });
}

/** How many files below the folder hold one of the words, whoever may read them. */
export const filesWith = (folder: string, words: readonly string[]): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && wordsIn(textOf(join(entry.parentPath, entry.name)), words).length > 0,
  ).length;

export const wordsIn = (text: string, words: readonly string[]): readonly string[] =>
  words.filter((word) => text.includes(word));

/** A process or a file may be gone by now. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
