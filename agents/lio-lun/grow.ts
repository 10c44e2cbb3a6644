import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { commandFailed, runSuccessfully } from '../command.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { mappedName } from '../device-mapper/names.ts';
import { onlyDevice, readVolume, type Place } from '../lvm-command/lvm.ts';
import { inTurn } from '../lvm-command/turns.ts';
import { findPlace, noRoom, unfinishedTag } from '../lvm-command/volumes.ts';
import { volumeOf, type LunParameters } from './parameters.ts';
import { lunTag } from './volume.ts';

async function extend(
  place: Place,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { size } = parameters;
  const volume = volumeOf(parameters);
  const args = [
    ...onlyDevice(place.device),
    '--noudevsync',
    '--size',
    `${size}b`,
    `${place.volumeGroup}/${volume}`,
  ];
  const ran = await context.run('lvextend', args);
  if (!ran.ok) return ran;
  if (ran.value.exitCode === 0) return success(undefined);
  return noRoom(place, size, ran.value) ?? commandFailed('lvextend', args, ran.value);
}

/**
 * Extends the LUN's volume to the size of the parameters, while it is in use: the kernel's target asks the device for
 * its size whenever a host does (drivers/target/target_core_iblock.c, iblock_get_blocks), so nothing of it is touched.
 * Whatever an interrupted call has left is completed: what counts is the size in LVM's metadata, and then the device's.
 */
export async function growVolume(
  deviceMapper: DeviceMapper,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const place = await findPlace(deviceMapper, parameters.volumeGroup);
  if (!place.ok) return place;
  return inTurn(parameters.volumeGroup, context, () => grow(place.value, deviceMapper, parameters, context));
}

async function grow(
  place: Place,
  deviceMapper: DeviceMapper,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { size, volumeGroup } = parameters;
  const volume = volumeOf(parameters);
  const fail = (what: string): Result<never> =>
    failed(failure('agent_failed', `volume ${volumeGroup}/${volume} ${what}`));
  const found = await readVolume(place, volume, context);
  if (!found.ok) return found;
  if (found.value === undefined) return fail('is not there');
  const { tags } = found.value;
  if (!tags.includes(lunTag(parameters)) || tags.includes(unfinishedTag)) {
    const what = `${volumeGroup}/${volume} is not of the LUN with serial ${parameters.serial}`;
    return failed(failure('volume_foreign', what));
  }
  if (found.value.size < size) {
    const extended = await extend(place, parameters, context);
    if (!extended.ok) return extended;
  }
  const name = mappedName(volumeGroup, volume);
  const device = await deviceMapper.find(name);
  if (device !== undefined && (device.size < size || device.suspended)) {
    // LVM had written it down, and was ended before the kernel knew.
    const args = [...onlyDevice(place.device), '--refresh', `${volumeGroup}/${volume}`];
    const refreshed = await runSuccessfully(context, 'lvchange', args);
    if (!refreshed.ok) return refreshed;
  }
  const grown = await deviceMapper.find(name);
  if (grown === undefined) return fail('is not active');
  return grown.size < size ? fail(`has ${grown.size} bytes instead of ${size}`) : success(undefined);
}
