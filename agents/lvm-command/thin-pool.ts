import { bytes, EXTENT, failed, failure, success, type Bytes, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { onlyDevice, ownTag, readGroups, readVolume, type Place, type Volume } from './lvm.ts';

/** What holds the blocks of all thin volumes of a group. */
export const thinPool = 'keelson_thin';
const THIN_POOL = 'thin-pool';

/** A thin volume, or the pool of all of them. */
export const isThin = ({ kind }: Volume): boolean => kind === 'thin' || kind === THIN_POOL;

/** Of the group at first; it is extended as it fills. */
const FIRST_SHARE = 0.1;
const SMALLEST = bytes(64 * 2 ** 20);
/** The metadata is made for a pool as large as the group: 64 bytes a chunk (dm-thin's documentation says 48). */
const BYTES_PER_CHUNK = 64;
const SMALLEST_CHUNK = 64 * 2 ** 10;
/** The kernel's own limit is 15.8 GiB; more than this makes the check at an activation, and so a failover, slow. */
const LARGEST_METADATA = 2 ** 30;

export interface ThinLayout {
  readonly size: Bytes;
  readonly metadata: Bytes;
  /** The unit in which blocks are given out, and given back. */
  readonly chunk: Bytes;
}

const wholeExtents = (size: number): Bytes => bytes(Math.ceil(size / EXTENT) * EXTENT);

/** How a pool is laid out in a group of this size, as far as it is free; undefined: there is no room for one. */
export function layOut(size: Bytes, free: Bytes): ThinLayout | undefined {
  let chunk = SMALLEST_CHUNK;
  while ((size / chunk) * BYTES_PER_CHUNK > LARGEST_METADATA) chunk *= 2;
  const metadata = wholeExtents((size / chunk) * BYTES_PER_CHUNK);
  // Metadata is there twice: once for a repair.
  const room = Math.floor((free - 2 * metadata) / EXTENT) * EXTENT;
  const wanted = Math.min(Math.max(wholeExtents(size * FIRST_SHARE), SMALLEST), room);
  return wanted < SMALLEST ? undefined : { size: bytes(wanted), metadata, chunk: bytes(chunk) };
}

/** Makes the thin pool of a group where there is none. */
export async function ensureThinPool(place: Place, context: AgentContext): Promise<Result<undefined>> {
  const found = await readVolume(place, thinPool, context);
  if (!found.ok) return found;
  if (found.value !== undefined) {
    if (!found.value.tags.includes(ownTag))
      return failed(failure('volume_foreign', `${place.volumeGroup}/${thinPool} is not Keelson's`));
    if (found.value.kind === THIN_POOL) return success(undefined);
    const removed = await removeUnfinished(place, context);
    if (!removed.ok) return removed;
  }
  return makeThinPool(place, context);
}

/**
 * An lvcreate that is ended while it makes a pool leaves a linear volume of that name (LVM's lib/metadata/pool_manip.c,
 * create_pool). LVM itself selects, under its lock: a pool that another command has made meanwhile stays.
 */
const removeUnfinished = (place: Place, context: AgentContext): Promise<Result<unknown>> =>
  runSuccessfully(context, 'lvremove', [
    ...onlyDevice(place.device),
    '--yes',
    '--select',
    `lv_name=${thinPool} && segtype!=${THIN_POOL}`,
    place.volumeGroup,
  ]);

async function makeThinPool(place: Place, context: AgentContext): Promise<Result<undefined>> {
  const groups = await readGroups(place.device, context);
  if (!groups.ok) return groups;
  const group = groups.value.find((one) => one.name === place.volumeGroup);
  const layout = group && layOut(group.size, group.free);
  if (layout === undefined)
    return failed(failure('pool_full', `${place.volumeGroup} has no room for a thin pool`));
  const made = await runSuccessfully(context, 'lvcreate', [
    ...onlyDevice(place.device),
    '--yes',
    '--type',
    THIN_POOL,
    '--name',
    thinPool,
    '--size',
    `${layout.size}b`,
    '--poolmetadatasize',
    `${layout.metadata}b`,
    '--chunksize',
    `${layout.chunk}b`,
    '--discards',
    'passdown',
    // Nobody is shown what lay in a block before.
    '--zero',
    'y',
    // It is extended while it can be: until then a write waits, which is LVM's own setting and cannot be named here
    // ("Option --errorwhenfull is unsupported with thin pools"). Where it cannot be extended, that is changed.
    '--addtag',
    ownTag,
    place.volumeGroup,
  ]);
  if (made.ok) return success(undefined);
  // Another LUN of the group may have been made at the same time.
  const again = await readVolume(place, thinPool, context);
  const isThere = again.ok && again.value?.kind === THIN_POOL && again.value.tags.includes(ownTag);
  return isThere ? success(undefined) : made;
}
