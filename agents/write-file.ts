import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readIfThere } from './kernel-files.ts';

/** Writes a file that only root may read, whole or not at all, also through a loss of power; not if it is the same. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  if ((await readIfThere(path)) === text.trim()) return;
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const opened = await open(join(folder), 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
