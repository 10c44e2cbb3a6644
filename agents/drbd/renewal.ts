import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { findSignatures } from '../signatures/signatures.ts';
import { writePrivateFile } from '../write-file.ts';
import { diskSize, lookForMetadata } from './metadata.ts';
import type { DrbdParameters } from './parameters.ts';
import { markOf, renderResourceFile } from './resource-file.ts';
import { readIfThere } from '../kernel-files.ts';
import { resourceFilePath } from './resource-place.ts';

const sector = 512;
/** Sectors of the activity log and the superblock, and of the bitmap for each 2^18 sectors of disk (drbd_int.h, 8.4). */
const fixedSectors = 72;
const perBitmapSector = 2 ** 18;

/** Bytes that DRBD leaves for data on a disk of so many, with its metadata at the end. */
export function dataBytes(size: number): number {
  const sectors = Math.floor(size / 4096) * 8;
  const metadata = Math.ceil(sectors / perBitmapSector) * 8 + fixedSectors;
  return Math.max(0, sectors - metadata) * sector;
}

/** Bytes that a disk must have for so many bytes of data. */
export function diskBytesFor(data: number): number {
  let size = Math.ceil(data / 4096) * 4096;
  while (dataBytes(size) < data) size += 4096;
  return size;
}

/**
 * A disk that takes the place of another one: it gets its metadata once for each replacement, and nothing else ever is
 * believed to be this pool's. The mark in the resource file says that the disk was found free, or was emptied, for this
 * very replacement; metadata beside it is ours. What is interrupted is completed by the next start.
 */
export async function renewDisk(
  parameters: DrbdParameters,
  disk: string,
  folder: string,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { pool, renew } = parameters;
  const path = resourceFilePath(folder, pool);
  const metadata = await lookForMetadata(disk);
  if (metadata === 'missing') return failed(failure('disk_missing', `${disk} of pool ${pool} is not there`));
  const fits = await checkSize(pool, disk, Number(renew?.bytes ?? 0));
  if (!fits.ok) return fits;
  const isOurs = (await readIfThere(path))?.includes(markOf(parameters) ?? '\0') === true;
  if (isOurs && metadata === 'there') return success(undefined);
  const free = renew?.overwrite === 'yes' ? await empty(disk, context) : await mustBeFree(disk, context);
  if (!free.ok) return free;
  await writePrivateFile(path, renderResourceFile(parameters, context.node));
  const made = await runSuccessfully(context, 'drbdadm', ['create-md', '--force', pool]);
  return made.ok ? success(undefined) : made;
}

async function checkSize(pool: string, disk: string, data: number): Promise<Result<undefined>> {
  const size = await diskSize(disk);
  if (dataBytes(size) >= data) return success(undefined);
  const needed = `${diskBytesFor(data)} bytes are needed: pool ${pool} has ${data}, and DRBD keeps a bitmap`;
  return failed(failure('replacement_too_small', `${disk} has ${size} bytes, and ${needed}`));
}

async function mustBeFree(disk: string, context: AgentContext): Promise<Result<undefined>> {
  const signatures = await findSignatures(disk, context);
  if (!signatures.ok) return signatures;
  if (signatures.value.length === 0) return success(undefined);
  return failed(failure('disk_has_data', `${disk} carries ${signatures.value.join(', ')}`));
}

/** A person has said that it may be. What is mounted or in use keeps `wipefs` from it. */
async function empty(disk: string, context: AgentContext): Promise<Result<undefined>> {
  const wiped = await runSuccessfully(context, 'wipefs', ['--all', disk]);
  return wiped.ok ? success(undefined) : wiped;
}
