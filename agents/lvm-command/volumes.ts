import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext, RunOutput } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { mappedName } from '../device-mapper/names.ts';
import { onlyDevice, readVolume, type Place } from './lvm.ts';
import { metaVolume } from './meta-volume.ts';

/** On a volume that is not what it is to be yet. Taken off when it is; one that still carries it is made anew. */
export const unfinishedTag = 'keelson_unfinished';

/** The DRBD device below the volume group, as the kernel has it: LVM is to look there and nowhere else. */
export async function findPlace(deviceMapper: DeviceMapper, volumeGroup: string): Promise<Result<Place>> {
  const meta = await deviceMapper.find(mappedName(volumeGroup, metaVolume));
  const below = meta?.below[0];
  if (below === undefined) {
    return failed(failure('pool_not_ready', `volume group ${volumeGroup} is not active on this node`));
  }
  return success({ device: `/dev/${below}`, volumeGroup });
}

/**
 * What LVM says where the group cannot hold a volume of this size (bytes), its thin pool is too full for another one, or
 * its metadata has no place for one more; undefined: it complains of something else.
 */
export const noRoom = (
  { volumeGroup }: Place,
  size: number,
  { stderr }: RunOutput,
): Result<never> | undefined =>
  /insufficient (free space|suitable)|new volumes are not allowed|too large for circular buffer/i.test(stderr)
    ? failed(failure('pool_full', `${volumeGroup} has no room for a volume of ${size} bytes`))
    : undefined;

/** What is not in use. A thin volume that shares blocks with others takes none of theirs with it. */
export async function removeVolume(
  place: Place,
  name: string,
  context: AgentContext,
): Promise<Result<undefined>> {
  const args = [...onlyDevice(place.device), '--yes', `${place.volumeGroup}/${name}`];
  const removed = await runSuccessfully(context, 'lvremove', args);
  return removed.ok ? success(undefined) : removed;
}

/** A volume that is not there is removed; one of the same name without the tag is somebody else's and stays. */
export async function removeTagged(
  place: Place,
  { name, tag }: { readonly name: string; readonly tag: string },
  context: AgentContext,
): Promise<Result<undefined>> {
  const found = await readVolume(place, name, context);
  if (!found.ok) return found;
  if (found.value === undefined) return success(undefined);
  if (!found.value.tags.includes(tag)) {
    context.log(`volume ${place.volumeGroup}/${name} has not the tag ${tag}: left alone`);
    return success(undefined);
  }
  return removeVolume(place, name, context);
}

export async function removeTag(
  place: Place,
  name: string,
  tag: string,
  context: AgentContext,
): Promise<Result<undefined>> {
  const args = [...onlyDevice(place.device), '--deltag', tag, `${place.volumeGroup}/${name}`];
  const removed = await runSuccessfully(context, 'lvchange', args);
  return removed.ok ? success(undefined) : removed;
}

export const foreign = (place: Place, name: string, what: string): Result<never> =>
  failed(failure('volume_foreign', `${place.volumeGroup}/${name} ${what}`));
