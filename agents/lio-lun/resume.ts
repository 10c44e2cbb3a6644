import { success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { mappedName } from '../device-mapper/names.ts';
import { resumeLeftSuspended } from '../device-mapper/resume.ts';
import { isLvmAtWork } from '../lvm-command/at-work.ts';
import { resumeThinPool } from '../lvm-command/thin-usage.ts';
import { volumeOf, type LunParameters } from './parameters.ts';

const nameOf = (parameters: LunParameters): string =>
  mappedName(parameters.volumeGroup, volumeOf(parameters));

/** What an LVM command holds now (a snapshot is being made of it) is left to it. */
export const resumeVolume = (
  deviceMapper: DeviceMapper,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> =>
  resumeLeftSuspended(deviceMapper, nameOf(parameters), context, () => isLvmAtWork(parameters.volumeGroup));

/** Before a stop: I/O that is held back, by the volume or by what it lies on, would be waited for. */
export async function releaseHeldIo(
  deviceMapper: DeviceMapper,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { volumeGroup, thin } = parameters;
  const below = thin === true ? await resumeThinPool(deviceMapper, volumeGroup, context) : success(undefined);
  return below.ok ? resumeLeftSuspended(deviceMapper, nameOf(parameters), context) : below;
}
