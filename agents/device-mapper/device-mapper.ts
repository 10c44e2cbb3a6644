import { join } from 'node:path';
import { bytes, type Bytes } from '../../src/model/index.ts';
import { listIfThere, readIfThere } from '../kernel-files.ts';

export interface MappedDevice {
  /** `dm-7`: the kernel makes /dev/dm-7 itself, at once, whatever udev is doing. */
  readonly kernelName: string;
  readonly name: string;
  readonly uuid: string;
  /** `254:7`. */
  readonly number: string;
  readonly suspended: boolean;
  readonly size: Bytes;
  readonly discards: boolean;
  /** Kernel names of the devices it lies on. */
  readonly below: readonly string[];
}

/** Looks at device-mapper devices in sysfs: no forks, no opening of devices, nothing that waits for a disk. */
export interface DeviceMapper {
  all(): Promise<readonly MappedDevice[]>;
  /** Many may ask at once: a known name costs one look, and all unknown ones that wait share a scan. */
  find(name: string): Promise<MappedDevice | undefined>;
}

export function createDeviceMapper(sysfs = '/sys'): DeviceMapper {
  let kernelNames: ReadonlyMap<string, string> = new Map();
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;

  const nameOf = (kernelName: string) => readIfThere(join(sysfs, 'block', kernelName, 'dm/name'));

  async function mappedKernelNames(): Promise<readonly string[]> {
    return (await listIfThere(join(sysfs, 'block'))).filter((name) => /^dm-[0-9]+$/.test(name));
  }

  async function scan(): Promise<void> {
    const found = new Map<string, string>();
    for (const kernelName of await mappedKernelNames()) {
      const name = await nameOf(kernelName);
      if (name !== undefined) found.set(name, kernelName);
    }
    kernelNames = found;
  }

  /** A scan that begins after the call: one that is already under way may have passed by what the caller looks for. */
  function freshScan(): Promise<void> {
    if (queued !== undefined) return queued;
    const begin = (): Promise<void> => {
      queued = undefined;
      const mine = scan().finally(() => {
        if (running === mine) running = undefined;
      });
      running = mine;
      return mine;
    };
    if (running === undefined) return begin();
    queued = running.then(begin, begin);
    return queued;
  }

  async function look(kernelName: string): Promise<MappedDevice | undefined> {
    const folder = join(sysfs, 'block', kernelName);
    const [name, uuid, number, suspended, sectors, discard, below] = await Promise.all([
      readIfThere(join(folder, 'dm/name')),
      readIfThere(join(folder, 'dm/uuid')),
      readIfThere(join(folder, 'dev')),
      readIfThere(join(folder, 'dm/suspended')),
      readIfThere(join(folder, 'size')),
      readIfThere(join(folder, 'queue/discard_max_bytes')),
      listIfThere(join(folder, 'slaves')),
    ]);
    if (name === undefined || uuid === undefined || number === undefined) return undefined;
    return {
      kernelName,
      name,
      uuid,
      number,
      suspended: suspended === '1',
      // sysfs counts in sectors of 512 bytes, whatever the device's own sectors are.
      size: bytes(Number(sectors ?? 0) * 512),
      discards: Number(discard ?? 0) > 0,
      below,
    };
  }

  async function lookNamed(name: string): Promise<MappedDevice | undefined> {
    const kernelName = kernelNames.get(name);
    if (kernelName === undefined) return undefined;
    const device = await look(kernelName);
    return device?.name === name ? device : undefined;
  }

  return {
    async all() {
      const devices = await Promise.all((await mappedKernelNames()).map(look));
      return devices.filter((device) => device !== undefined);
    },
    async find(name) {
      const known = await lookNamed(name);
      if (known !== undefined) return known;
      await freshScan();
      return lookNamed(name);
    },
  };
}
