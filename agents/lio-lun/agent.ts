import { success } from '../../src/model/index.ts';
import type { Agent } from '../../src/ports/index.ts';
import type { Configfs } from '../configfs/configfs.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { operation } from '../operation.ts';
import { adjust, publish, withdraw } from './export.ts';
import { growVolume } from './grow.ts';
import { observe } from './observation.ts';
import { lunParameters, type LunParameters } from './parameters.ts';
import { releaseHeldIo, resumeVolume } from './resume.ts';
import { createVolume, destroyVolume } from './volume.ts';

export interface LunWorld {
  readonly configfs: Configfs;
  readonly deviceMapper: DeviceMapper;
}

export function createLunAgent({ configfs, deviceMapper }: LunWorld): Agent {
  const observed = async (parameters: LunParameters) =>
    success(await observe(configfs, deviceMapper, parameters));

  return {
    name: 'lio-lun',
    monitor: operation(lunParameters, observed),
    start: operation(lunParameters, async (parameters, context) => {
      const resumed = await resumeVolume(deviceMapper, parameters, context);
      if (!resumed.ok) return resumed;
      const published = await publish(configfs, deviceMapper, parameters);
      return published.ok ? observed(parameters) : published;
    }),
    reload: operation(lunParameters, async (parameters, context) => {
      const resumed = await resumeVolume(deviceMapper, parameters, context);
      if (!resumed.ok) return resumed;
      const adjusted = await adjust(configfs, parameters);
      return adjusted.ok ? observed(parameters) : adjusted;
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
      return destroyed.ok ? observed(parameters) : destroyed;
    }),
  };
}
