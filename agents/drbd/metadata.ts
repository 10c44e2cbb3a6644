import { open, realpath, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { readIfThere } from '../kernel-files.ts';
import { isSystemError } from '../system-error.ts';

const block = 4096;
const magicOffset = 60;
/** DRBD_MD_MAGIC_08 and DRBD_MD_MAGIC_84_UNCLEAN (drbd_int.h of Linux 6.1). */
const magics: readonly number[] = [0x8374026b, 0x8374026c];

/**
 * Whether a disk carries DRBD's internal metadata, which is in its last whole block of 4 KiB. `missing`: no such disk.
 * Only for a disk that is not attached: the kernel does not show us what it writes itself.
 */
export async function lookForMetadata(disk: string): Promise<'there' | 'none' | 'missing'> {
  let file;
  try {
    file = await open(disk, 'r');
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENXIO')) return 'missing';
    throw error;
  }
  try {
    const size = await sizeOf(disk, file);
    if (size < block) return 'none';
    const found = Buffer.alloc(block);
    await file.read(found, 0, block, Math.floor(size / block) * block - block);
    return magics.includes(found.readUInt32BE(magicOffset)) ? 'there' : 'none';
  } finally {
    await file.close();
  }
}

/** In bytes; 0 where it is not there. */
export async function diskSize(disk: string): Promise<number> {
  const file = await open(disk, 'r').catch((error: unknown) => {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENXIO')) return undefined;
    throw error;
  });
  if (file === undefined) return 0;
  try {
    return await sizeOf(disk, file);
  } finally {
    await file.close();
  }
}

/** In bytes. A block device has no size in its stat: the kernel tells it in sysfs. */
async function sizeOf(disk: string, file: FileHandle): Promise<number> {
  const status = await file.stat();
  if (!status.isBlockDevice()) return status.size;
  const sectors = await readIfThere(`/sys/class/block/${basename(await realpath(disk))}/size`);
  return Number(sectors ?? 0) * 512;
}
