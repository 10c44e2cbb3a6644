import { readFileSync, readdirSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { isSystemError } from './system-error.ts';

/** What the kernel answers where a thing has gone, or goes while it is being read. */
const goneCodes = new Set(['ENOENT', 'ENODEV', 'ENXIO', 'ENOTDIR']);

export function isGone(error: unknown): boolean {
  return isSystemError(error) && error.code !== undefined && goneCodes.has(error.code);
}

/** The text of a file of /proc or /sys without the white space around it; undefined: it is not there. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** The names in a folder of /sys; none where it is not there. */
export async function listIfThere(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** The same for what the kernel answers from memory, waiting for nothing: a third of the time of the above. */
export const readAtOnce = (path: string): string | undefined =>
  unlessGone(() => readFileSync(path, 'utf8').trim());

export const listAtOnce = (path: string): readonly string[] => unlessGone(() => readdirSync(path)) ?? [];

function unlessGone<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
