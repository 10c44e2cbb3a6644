import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { textOf } from './files.ts';

/**
 * What every user of the machine can read of its processes: the lines with one of the words. In a thread of its own; in the
 * test's it would leave no time for what the test itself plays, such as the wires of the management boards.
 */
export function watchProcesses(words: readonly string[]) {
  const worker = new Worker(new URL('process-watch.ts', import.meta.url), { workerData: words });
  return {
    seen: async (): Promise<readonly string[]> => {
      worker.postMessage('seen');
      const [lines] = (await once(worker, 'message')) as [readonly string[]];
      return lines;
    },
    stop: () => worker.terminate(),
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
