import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from './error.ts';

/** Does one thing at a time: refuses while another living process holds the same lock. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await takeLock(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string): Promise<void> {
  for (const attempt of ['first', 'second']) {
    try {
      await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = (await readFile(path, 'utf8')).trim();
      if (attempt === 'second' || existsSync(`/proc/${holder}`)) {
        throw new LabError('busy', `process ${holder} is working on the lab`, 'Wait until it has ended.');
      }
      await rm(path, { force: true });
    }
  }
}
