import { success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { mappedName } from '../device-mapper/names.ts';
import { resumeLeftSuspended } from '../device-mapper/resume.ts';
import { resumeThinPool } from '../lvm-command/thin-usage.ts';
import type { LunParameters } from './parameters.ts';

export const resumeVolume = (
  deviceMapper: DeviceMapper,
  { volumeGroup, lun }: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> => resumeLeftSuspended(deviceMapper, mappedName(volumeGroup, lun), context);

/** Before a stop: I/O that is held back, by the volume or by what it lies on, would be waited for. */
export async function releaseHeldIo(
  deviceMapper: DeviceMapper,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { volumeGroup, thin } = parameters;
  const below = thin === true ? await resumeThinPool(deviceMapper, volumeGroup, context) : success(undefined);
  return below.ok ? resumeVolume(deviceMapper, parameters, context) : below;
}
