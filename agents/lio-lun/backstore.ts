import { failed, failure, success, type Result } from '../../src/model/index.ts';
import { writeIfDifferent, type Configfs } from '../configfs/configfs.ts';
import { backstore, iblock } from '../configfs/places.ts';
import type { MappedDevice } from '../device-mapper/device-mapper.ts';
import { backstoreName, type LunParameters } from './parameters.ts';

/** A backstore as the kernel has it. */
export interface Backstore {
  readonly enabled: boolean;
  /** The block device that it has open, `254:7`; undefined: none yet. */
  readonly device: string | undefined;
  readonly serial: string | undefined;
}

/** undefined: there is no backstore of this LUN. */
export async function readBackstore(
  configfs: Configfs,
  parameters: LunParameters,
): Promise<Backstore | undefined> {
  const path = backstore(backstoreName(parameters));
  const enable = await configfs.read(`${path}/enable`);
  if (enable === undefined) return undefined;
  const [info, serial] = await Promise.all([
    configfs.read(`${path}/info`),
    configfs.read(`${path}/wwn/vpd_unit_serial`),
  ]);
  const number = /Major: *([0-9]+) +Minor: *([0-9]+)/.exec(info ?? '');
  return {
    enabled: enable === '1',
    device: number === null ? undefined : `${number[1] ?? ''}:${number[2] ?? ''}`,
    serial: /Serial Number: *(\S+)/.exec(serial ?? '')?.[1],
  };
}

/** Whether a backstore is what this LUN needs, on this device. */
export const isRight = (found: Backstore, parameters: LunParameters, device: MappedDevice): boolean =>
  found.enabled && found.device === device.number && found.serial === parameters.serial;

/** The same on every node, or the initiators see another disk after a failover. */
async function setAttributes(
  configfs: Configfs,
  path: string,
  device: MappedDevice,
  isNew: boolean,
): Promise<void> {
  // A new one offers no UNMAP.
  if (isNew && !device.discards) return;
  const unmap = device.discards ? '1' : '0';
  await writeIfDifferent(configfs, `${path}/attrib/emulate_tpu`, unmap);
  await writeIfDifferent(configfs, `${path}/attrib/emulate_tpws`, unmap);
}

/**
 * Makes the backstore, where it was not `found` right. One that is there and not right is removed first; the kernel
 * refuses while a LUN links to it.
 */
export async function ensureBackstore(
  configfs: Configfs,
  parameters: LunParameters,
  device: MappedDevice,
  found: Backstore | undefined,
): Promise<Result<undefined>> {
  const path = backstore(backstoreName(parameters));
  const isNew = found === undefined || !isRight(found, parameters, device);
  if (isNew) {
    await configfs.makeFolder(iblock);
    // There is no way to disable or to re-open one: it is made anew.
    if (found !== undefined) await configfs.removeFolder(path);
    await configfs.makeFolder(path);
    await configfs.write(`${path}/control`, `udev_path=/dev/${device.kernelName},readonly=0`);
    await configfs.write(`${path}/udev_path`, `/dev/${device.kernelName}`);
    await configfs.write(`${path}/wwn/vpd_unit_serial`, parameters.serial);
    await configfs.write(`${path}/enable`, '1');
    // A loss of power here is none to hosts: what they registered has to outlive it, whether they asked for that or not.
    await configfs.write(`${path}/attrib/force_pr_aptpl`, '1');
    const made = await readBackstore(configfs, parameters);
    if (made === undefined || !isRight(made, parameters, device)) {
      const what = `the kernel opened ${made?.device ?? 'nothing'} instead of ${device.number}`;
      return failed(failure('agent_failed', `LUN ${parameters.lun}: ${what}`));
    }
  }
  await setAttributes(configfs, path, device, isNew);
  return success(undefined);
}
