import { constants } from 'node:fs';
import { mkdir, open, readdir, readlink, rmdir, symlink, unlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { isGone } from '../kernel-files.ts';
import { isSystemError } from '../system-error.ts';
import type { Configfs } from './configfs.ts';

const PAGE = 4096;

const isThere = (error: unknown): boolean => isSystemError(error) && error.code === 'EEXIST';

async function unless(excused: (error: unknown) => boolean, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!excused(error)) throw error;
  }
}

/** An attribute is one page at the most, and one read gives all of it; Node's own readFile makes twice as many calls. */
async function readAttribute(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(PAGE), 0, PAGE, null);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}

/** The real one; `root` is where the kernel shows it. */
export function createKernelConfigfs(root = '/sys/kernel/config/target'): Configfs {
  const at = (path: string): string => join(root, path);

  async function entries(path: string) {
    try {
      return await readdir(at(path), { withFileTypes: true });
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  return {
    makeFolder: (path) => unless(isThere, mkdir(at(path))),
    removeFolder: (path) => unless(isGone, rmdir(at(path))),
    removeLink: (path) => unless(isGone, unlink(at(path))),
    makeLink: (path, leadsTo) => unless(isThere, symlink(at(leadsTo), at(path))),

    async read(path) {
      try {
        return await readAttribute(at(path));
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    },

    async folders(path) {
      return (await entries(path))?.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    },

    async links(path) {
      const found: Record<string, string> = {};
      for (const entry of (await entries(path)) ?? []) {
        if (!entry.isSymbolicLink()) continue;
        const link = at(join(path, entry.name));
        // The kernel shows links relative to where they are, however they were made.
        found[entry.name] = relative(root, resolve(dirname(link), await readlink(link)));
      }
      return found;
    },

    async write(path, value) {
      // Neither O_CREAT nor O_TRUNC: an attribute that is not there must be an error of its own.
      const file = await open(at(path), constants.O_WRONLY);
      try {
        await file.write(value);
      } finally {
        await file.close();
      }
    },
  };
}
