import { success, type Observation, type Result } from '../../src/model/index.ts';
import type { Agent, AgentContext } from '../../src/ports/index.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { readVolume } from '../lvm-command/lvm.ts';
import { ensureThinCopy, putAway } from '../lvm-command/thin-copy.ts';
import { findPlace, removeVolume } from '../lvm-command/volumes.ts';
import { operation } from '../operation.ts';
import { snapshotParameters, type SnapshotParameters } from './parameters.ts';

/** Nothing of a snapshot runs anywhere. */
const idle: Result<Observation> = success({ state: 'stopped' });

export function createSnapshotAgent(deviceMapper: DeviceMapper): Agent {
  async function create(
    { volumeGroup, volume, size, origin, use }: SnapshotParameters,
    context: AgentContext,
  ): Promise<Result<Observation>> {
    const place = await findPlace(deviceMapper, volumeGroup);
    if (!place.ok) return place;
    const made =
      origin === undefined
        ? await putAway(place.value, volume, context)
        : await ensureThinCopy(place.value, { ...volume, origin, size, active: use === 'lun' }, context);
    return made.ok ? idle : made;
  }

  /** A volume of the same name without the tag is not the snapshot's and stays. */
  async function remove(
    { volumeGroup, volume }: SnapshotParameters,
    context: AgentContext,
  ): Promise<Result<Observation>> {
    const place = await findPlace(deviceMapper, volumeGroup);
    if (!place.ok) return place;
    const found = await readVolume(place.value, volume.name, context);
    if (!found.ok) return found;
    if (found.value === undefined) return idle;
    if (!found.value.tags.includes(volume.tag)) {
      context.log(`volume ${volumeGroup}/${volume.name} is not of this snapshot: left alone`);
      return idle;
    }
    const removed = await removeVolume(place.value, volume.name, context);
    return removed.ok ? idle : removed;
  }

  const look = operation(snapshotParameters, () => Promise.resolve(idle));
  return {
    name: 'lvm-snapshot',
    monitor: look,
    start: look,
    stop: look,
    create: operation(snapshotParameters, create),
    remove: operation(snapshotParameters, remove),
  };
}
