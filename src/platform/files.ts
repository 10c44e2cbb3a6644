import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces the file's whole content, so that after a crash at any moment it is either the old or the new one, and the
 * new one once this has resolved. `mode` is set exactly, whatever the umask. The folder must exist, and a path must
 * have one writer at a time. Throws what `node:fs` throws.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  // In the same folder, because a rename is atomic within one file system only. Always the same name, so that what a
  // crash leaves behind is cleared away by the next write.
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes names in the folder (created, renamed, removed) survive a crash. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
