import { success } from '../../src/model/index.ts';
import type { Agent } from '../../src/ports/index.ts';
import { operation } from '../operation.ts';
import { adjust, publish, withdraw } from './export.ts';
import { growVolume } from './grow.ts';
import { observe } from './observation.ts';
import { lunParameters, type LunParameters } from './parameters.ts';
import { leaveOut } from '../reservations/files.ts';
import { forgetReservations } from './reservations.ts';
import { releaseHeldIo, resumeVolume } from './resume.ts';
import { createVolume, destroyVolume } from './volume.ts';
import type { LunWorld } from './world.ts';

export function createLunAgent(world: LunWorld): Agent {
  const { configfs, deviceMapper, reservations } = world;
  const observed = async (parameters: LunParameters) =>
    success(await observe(configfs, deviceMapper, parameters));

  return {
    name: 'lio-lun',
    monitor: operation(lunParameters, observed),
    start: operation(lunParameters, async (parameters, context) => {
      const resumed = await resumeVolume(deviceMapper, parameters, context);
      if (!resumed.ok) return resumed;
      const published = await publish(world, parameters, context);
      return published.ok ? observed(parameters) : published;
    }),
    reload: operation(lunParameters, async (parameters, context) => {
      const resumed = await resumeVolume(deviceMapper, parameters, context);
      if (!resumed.ok) return resumed;
      const adjusted = await adjust(configfs, parameters);
      if (!adjusted.ok) return adjusted;
      await leaveOut(reservations, parameters);
      return observed(parameters);
    }),
    stop: operation(lunParameters, async (parameters, context) => {
      const resumed = await releaseHeldIo(deviceMapper, parameters, context);
      if (!resumed.ok) return resumed;
      await withdraw(configfs, parameters);
      return observed(parameters);
    }),
    create: operation(lunParameters, async (parameters, context) => {
      const created = await createVolume(deviceMapper, parameters, context);
      return created.ok ? observed(parameters) : created;
    }),
    grow: operation(lunParameters, async (parameters, context) => {
      const grown = await growVolume(deviceMapper, parameters, context);
      return grown.ok ? observed(parameters) : grown;
    }),
    remove: operation(lunParameters, async (parameters, context) => {
      const destroyed = await destroyVolume(deviceMapper, parameters, context);
      if (!destroyed.ok) return destroyed;
      const forgotten = await forgetReservations(deviceMapper, reservations, parameters, context);
      return forgotten.ok ? observed(parameters) : forgotten;
    }),
  };
}
