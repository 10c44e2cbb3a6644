import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext, RunOutput } from '../../src/ports/index.ts';
import { commandFailed, runSuccessfully } from '../command.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { mappedName } from '../device-mapper/names.ts';
import { onlyDevice, readVolume, type Place, type Volume } from '../lvm-command/lvm.ts';
import { metaVolume } from '../lvm-command/meta-volume.ts';
import { ensureThinPool, thinPool } from '../lvm-command/thin-pool.ts';
import type { LunParameters } from './parameters.ts';

/** Ties a volume to one LUN for ever: a volume without it is never touched. */
export const lunTag = ({ serial }: LunParameters): string => `keelson_lun_${serial}`;
/** On a volume whose first blocks may still show what lay there before. Taken off when they were wiped. */
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

async function makeVolume(
  place: Place,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { lun, size, thin } = parameters;
  if (thin === true) {
    const pool = await ensureThinPool(place, context);
    if (!pool.ok) return pool;
  }
  const args = [
    ...onlyDevice(place.device),
    '--yes',
    '--wipesignatures',
    'y',
    '--name',
    lun,
    ...(thin === true
      ? ['--type', 'thin', '--thinpool', thinPool, '--virtualsize', `${size}b`]
      : ['--size', `${size}b`]),
    '--addtag',
    lunTag(parameters),
    '--addtag',
    unfinishedTag,
    place.volumeGroup,
  ];
  const ran = await context.run('lvcreate', args);
  if (!ran.ok) return ran;
  if (ran.value.exitCode === 0) return success(undefined);
  return noRoom(place, size, ran.value) ?? commandFailed('lvcreate', args, ran.value);
}

/** What LVM says where the group cannot hold a volume of this size (bytes); undefined: it complains of something else. */
export const noRoom = (
  { volumeGroup }: Place,
  size: number,
  { stderr }: RunOutput,
): Result<never> | undefined =>
  /insufficient (free space|suitable)/i.test(stderr)
    ? failed(failure('pool_full', `${volumeGroup} has no room for a volume of ${size} bytes`))
    : undefined;

async function removeVolume(place: Place, name: string, context: AgentContext): Promise<Result<undefined>> {
  const args = [...onlyDevice(place.device), '--yes', `${place.volumeGroup}/${name}`];
  const removed = await runSuccessfully(context, 'lvremove', args);
  return removed.ok ? success(undefined) : removed;
}

/** Brings a volume that was found to where `create` leads; `again`: it was removed and must be made. */
async function completeVolume(
  place: Place,
  parameters: LunParameters,
  found: Volume,
  context: AgentContext,
): Promise<Result<'done' | 'again'>> {
  const { lun, size } = parameters;
  if (!found.tags.includes(lunTag(parameters))) {
    const what = `${place.volumeGroup}/${lun} is not of the LUN with serial ${parameters.serial}`;
    return failed(failure('volume_foreign', what));
  }
  if (found.tags.includes(unfinishedTag)) {
    const removed = await removeVolume(place, lun, context);
    return removed.ok ? success('again') : removed;
  }
  if (found.size !== size) {
    const what = `${place.volumeGroup}/${lun} has ${found.size} bytes instead of ${size}`;
    return failed(failure('volume_foreign', what));
  }
  if (found.active) return success('done');
  const args = [...onlyDevice(place.device), '--activate', 'y', `${place.volumeGroup}/${lun}`];
  const activated = await runSuccessfully(context, 'lvchange', args);
  return activated.ok ? success('done') : activated;
}

/** Makes the LUN's volume and activates it. */
export async function createVolume(
  deviceMapper: DeviceMapper,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const place = await findPlace(deviceMapper, parameters.volumeGroup);
  if (!place.ok) return place;
  const found = await readVolume(place.value, parameters.lun, context);
  if (!found.ok) return found;
  if (found.value !== undefined) {
    const completed = await completeVolume(place.value, parameters, found.value, context);
    if (!completed.ok) return completed;
    if (completed.value === 'done') return success(undefined);
  }
  const made = await makeVolume(place.value, parameters, context);
  if (!made.ok) return made;
  const finished = await runSuccessfully(context, 'lvchange', [
    ...onlyDevice(place.value.device),
    '--deltag',
    unfinishedTag,
    `${parameters.volumeGroup}/${parameters.lun}`,
  ]);
  return finished.ok ? success(undefined) : finished;
}

/** Destroys the LUN's volume. A volume of the same name without the LUN's tag is not the LUN's and stays. */
export async function destroyVolume(
  deviceMapper: DeviceMapper,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const place = await findPlace(deviceMapper, parameters.volumeGroup);
  if (!place.ok) return place;
  const found = await readVolume(place.value, parameters.lun, context);
  if (!found.ok) return found;
  if (found.value === undefined) return success(undefined);
  if (!found.value.tags.includes(lunTag(parameters))) {
    context.log(`volume ${parameters.volumeGroup}/${parameters.lun} is not of this LUN: left alone`);
    return success(undefined);
  }
  return removeVolume(place.value, parameters.lun, context);
}
