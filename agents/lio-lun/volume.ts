import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { commandFailed, runSuccessfully } from '../command.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { onlyDevice, readVolume, type Place, type Volume } from '../lvm-command/lvm.ts';
import { ensureThinCopy } from '../lvm-command/thin-copy.ts';
import { ensureThinPool, thinPool } from '../lvm-command/thin-pool.ts';
import { inTurn } from '../lvm-command/turns.ts';
import {
  findPlace,
  noRoom,
  removeTag,
  removeTagged,
  removeVolume,
  unfinishedTag,
} from '../lvm-command/volumes.ts';
import { volumeOf, type LunParameters } from './parameters.ts';

/** Ties a volume to one LUN for ever: a volume without it is never touched. */
export const lunTag = ({ serial, volume }: LunParameters): string => volume ?? `keelson_lun_${serial}`;

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
  const { origin, size } = parameters;
  if (origin === undefined)
    return inTurn(parameters.volumeGroup, context, () => ensureVolume(place.value, parameters, context));
  const copy = { name: volumeOf(parameters), tag: lunTag(parameters), origin, size, active: true };
  return inTurn(parameters.volumeGroup, context, () => ensureThinCopy(place.value, copy, context));
}

/** LVM itself looks first, under its lock: only where it would not make the volume one must see what is there. */
async function ensureVolume(
  place: Place,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  let made = await makeVolume(place, parameters, context);
  if (!made.ok && !context.signal.aborted) {
    const found = await readVolume(place, parameters.lun, context);
    if (!found.ok) return found;
    if (found.value === undefined) return made;
    const completed = await completeVolume(place, parameters, found.value, context);
    if (!completed.ok) return completed;
    if (completed.value === 'done') return success(undefined);
    made = await makeVolume(place, parameters, context);
  }
  return made.ok ? removeTag(place, parameters.lun, unfinishedTag, context) : made;
}

/** Destroys the LUN's volume. A volume of the same name without the LUN's tag is not the LUN's and stays. */
export async function destroyVolume(
  deviceMapper: DeviceMapper,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const place = await findPlace(deviceMapper, parameters.volumeGroup);
  if (!place.ok) return place;
  const volume = { name: volumeOf(parameters), tag: lunTag(parameters) };
  return inTurn(parameters.volumeGroup, context, () => removeTagged(place.value, volume, context));
}
