import { copyFile, mkdir, chmod, open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, writeFileAtomically } from '../files.ts';
import { HEADER } from './record.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** The log on disk as bytes. One operation at a time; throws what `node:fs` throws. */
export interface LogFile {
  /** Undefined where there is none yet. */
  read(): Promise<Buffer | undefined>;
  /** What `read` gave is good up to `end`; what follows is cut off before the next append. */
  accept(end: number, keepCopy: boolean): void;
  /** Resolves when it is on the disk. After a failure, what it may have written is cut off before the next append. */
  append(bytes: Uint8Array): Promise<void>;
  /** `bytes` without the header. */
  replace(bytes: Uint8Array): Promise<void>;
}

/** Coded like the disk's own errors, because to the caller it is one. */
class UntrustedLog extends Error {
  readonly code = 'EIO';
  constructor() {
    super('an earlier flush failed; the log must be replaced as a whole');
  }
}

interface Accepted {
  /** Good up to here. */
  readonly end: number;
  readonly keepCopy: boolean;
  /** Nothing stands after `end`. */
  readonly clean: boolean;
}

export function createLogFile(folder: string): LogFile {
  const path = join(folder, 'configuration.log');
  let accepted: Accepted | undefined;
  /** After a failed flush the kernel may have dropped what it could not write, and says so only once. */
  let untrusted = false;

  async function makeFolder(): Promise<void> {
    const made = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await chmod(folder, FOLDER_MODE);
    if (made !== undefined) await syncFolder(dirname(folder));
  }

  async function keepDamaged(): Promise<void> {
    await copyFile(path, `${path}.damaged`);
  }

  /** Removes what `read` did not accept or a failed append left. */
  async function cut(end: number, keepCopy: boolean): Promise<void> {
    if (keepCopy) await keepDamaged();
    await makeFolder();
    if (end === 0) {
      await writeFileAtomically(path, HEADER, FILE_MODE);
      return;
    }
    const handle = await open(path, 'r+');
    try {
      await handle.chmod(FILE_MODE);
      await handle.truncate(end);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async function flush(handle: FileHandle): Promise<void> {
    try {
      await handle.datasync();
    } catch (error) {
      untrusted = true;
      throw error;
    }
  }

  return {
    async read() {
      untrusted = false;
      accepted = undefined;
      try {
        return await readFile(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    accept(end, keepCopy) {
      accepted = { end, keepCopy, clean: false };
    },
    async append(bytes) {
      if (untrusted) throw new UntrustedLog();
      // After a failed first replace there is nothing to append to.
      const { end, keepCopy, clean } = accepted ?? { end: 0, keepCopy: false, clean: false };
      if (!clean) await cut(end, keepCopy);
      const start = Math.max(end, HEADER.length);
      accepted = { end: start, keepCopy: false, clean: false };
      // Opened for each batch of appends: that costs microseconds beside the flush, and nothing stays open.
      const handle = await open(path, 'r+');
      try {
        await writeAll(handle, bytes, start);
        await flush(handle);
      } finally {
        await handle.close();
      }
      accepted = { end: start + bytes.length, keepCopy: false, clean: true };
    },
    async replace(bytes) {
      await makeFolder();
      if (accepted?.keepCopy === true) await keepDamaged();
      const content = Buffer.concat([Buffer.from(HEADER), bytes]);
      try {
        await writeFileAtomically(path, content, FILE_MODE);
      } catch (error) {
        // Old or new, we cannot tell (the rename may have happened): only another replace or load settles it.
        untrusted = true;
        throw error;
      }
      accepted = { end: content.length, keepCopy: false, clean: true };
      untrusted = false;
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, start + written);
    written += bytesWritten;
  }
}
