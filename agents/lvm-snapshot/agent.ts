import { success, type Observation, type Result } from '../../src/model/index.ts';
import type { Agent, AgentContext } from '../../src/ports/index.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { ensureThinCopy, putAway } from '../lvm-command/thin-copy.ts';
import { inTurn } from '../lvm-command/turns.ts';
import { findPlace, removeTagged } from '../lvm-command/volumes.ts';
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
    const made = await inTurn(volumeGroup, context, () =>
      origin === undefined
        ? putAway(place.value, volume, context)
        : ensureThinCopy(place.value, { ...volume, origin, size, active: use === 'lun' }, context),
    );
    return made.ok ? idle : made;
  }

  async function remove(
    { volumeGroup, volume }: SnapshotParameters,
    context: AgentContext,
  ): Promise<Result<Observation>> {
    const place = await findPlace(deviceMapper, volumeGroup);
    if (!place.ok) return place;
    const removed = await inTurn(volumeGroup, context, () => removeTagged(place.value, volume, context));
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
