import { success, type Bytes, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import type { MappedDevice } from '../device-mapper/device-mapper.ts';
import { readIfThere } from '../kernel-files.ts';
import { readGroups } from '../lvm-command/lvm.ts';
import { devicesOf } from './observation.ts';
import type { LvmParameters } from './parameters.ts';

export interface Space {
  readonly sizeBytes: Bytes;
  readonly freeBytes: Bytes;
}

/**
 * The space of volume groups. LVM is asked again only when the group's devices, their sizes or the size of the disk
 * below have changed: a monitor every few seconds costs no fork.
 */
export interface SpaceKeeper {
  space(
    parameters: LvmParameters,
    devices: readonly MappedDevice[],
    context: AgentContext,
  ): Promise<Result<Space>>;
}

export function createSpaceKeeper(sysfs = '/sys'): SpaceKeeper {
  const known = new Map<string, { readonly fingerprint: string; readonly space: Space }>();

  return {
    async space(parameters, devices, context) {
      const { volumeGroup, device } = parameters;
      const below = await readIfThere(`${sysfs}/class/block/${device.slice('/dev/'.length)}/size`);
      const volumes = devicesOf(parameters, devices).map(({ uuid, size }) => `${uuid}:${size}`);
      const fingerprint = [device, below ?? '?', ...volumes.toSorted()].join(' ');
      const before = known.get(volumeGroup);
      if (before?.fingerprint === fingerprint) return success(before.space);
      const groups = await readGroups(device, context);
      if (!groups.ok) return groups;
      const group = groups.value.find((candidate) => candidate.name === volumeGroup);
      if (group === undefined) {
        known.delete(volumeGroup);
        return success({ sizeBytes: 0 as Bytes, freeBytes: 0 as Bytes });
      }
      const space = { sizeBytes: group.size, freeBytes: group.free };
      known.set(volumeGroup, { fingerprint, space });
      return success(space);
    },
  };
}
