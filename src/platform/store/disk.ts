import { link, mkdir, chmod, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../files.ts';

/**
 * The few things that the store does to files, each of which a crash may interrupt. Throws what `node:fs` throws.
 * Names (made, linked, renamed, removed) survive a crash only after `syncFolder`.
 */
export interface Disk {
  /** Undefined where there is none. */
  read(path: string): Promise<Buffer | undefined>;
  /** Names in the folder; none where it is not there. */
  list(folder: string): Promise<readonly string[]>;
  makeFolder(folder: string): Promise<void>;
  /** A new file, flushed; what had the name before is removed first. */
  create(path: string, content: Uint8Array): Promise<void>;
  /** Writes at a place of a file that is there, and flushes. */
  write(path: string, start: number, content: Uint8Array): Promise<void>;
  /** Cuts off what stands from there on, and flushes. */
  truncate(path: string, length: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A second name for the same file. */
  link(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  syncFolder(folder: string): Promise<void>;
  /** Two names of one file give the same; undefined where there is none. Sizes in bytes. */
  look(path: string): Promise<{ readonly identity: string; readonly size: number } | undefined>;
}

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

const missing = (error: unknown): undefined => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
};

export const realDisk: Disk = {
  read: (path) => readFile(path).catch(missing),
  list: async (folder) => (await readdir(folder).catch(missing)) ?? [],
  async makeFolder(folder) {
    const made = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await chmod(folder, FOLDER_MODE);
    if (made !== undefined) await syncFolder(dirname(folder));
  },
  async create(path, content) {
    await rm(path, { force: true });
    const file = await open(path, 'wx', FILE_MODE);
    try {
      await file.chmod(FILE_MODE);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async write(path, start, content) {
    // Opened for each batch of appends: that costs microseconds beside the flush, and nothing stays open.
    const file = await open(path, 'r+');
    try {
      let written = 0;
      while (written < content.length) {
        const { bytesWritten } = await file.write(
          content,
          written,
          content.length - written,
          start + written,
        );
        written += bytesWritten;
      }
      await file.datasync();
    } finally {
      await file.close();
    }
  },
  async truncate(path, length) {
    const file = await open(path, 'r+');
    try {
      await file.chmod(FILE_MODE);
      await file.truncate(length);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  link,
  remove: (path) => rm(path, { force: true }),
  syncFolder,
  async look(path) {
    const found = await stat(path).catch(missing);
    return found === undefined ? undefined : { identity: `${found.dev}:${found.ino}`, size: found.size };
  },
};
