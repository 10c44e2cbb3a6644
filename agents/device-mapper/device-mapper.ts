import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { bytes, type Bytes } from '../../src/model/index.ts';
import { listAtOnce, readAtOnce } from '../kernel-files.ts';

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

/** Devices that are looked at without a pause. */
const TURN = 50;

export function createDeviceMapper(sysfs = '/sys'): DeviceMapper {
  let kernelNames: ReadonlyMap<string, string> = new Map();
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;

  const nameOf = (kernelName: string) => readAtOnce(join(sysfs, 'block', kernelName, 'dm/name'));

  const mappedKernelNames = (): readonly string[] =>
    listAtOnce(join(sysfs, 'block')).filter((name) => /^dm-[0-9]+$/.test(name));

  async function scan(): Promise<void> {
    const found = new Map<string, string>();
    // After the callers of this moment: those that wait share it.
    await Promise.resolve();
    for (const kernelName of mappedKernelNames()) {
      const name = nameOf(kernelName);
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

  function look(kernelName: string): MappedDevice | undefined {
    const folder = join(sysfs, 'block', kernelName);
    const read = (file: string): string | undefined => readAtOnce(join(folder, file));
    const [name, uuid, number] = [read('dm/name'), read('dm/uuid'), read('dev')];
    if (name === undefined || uuid === undefined || number === undefined) return undefined;
    return {
      kernelName,
      name,
      uuid,
      number,
      suspended: read('dm/suspended') === '1',
      // sysfs counts in sectors of 512 bytes, whatever the device's own sectors are.
      size: bytes(Number(read('size') ?? 0) * 512),
      discards: Number(read('queue/discard_max_bytes') ?? 0) > 0,
      below: listAtOnce(join(folder, 'slaves')),
    };
  }

  function lookNamed(name: string): MappedDevice | undefined {
    const kernelName = kernelNames.get(name);
    if (kernelName === undefined) return undefined;
    const device = look(kernelName);
    return device?.name === name ? device : undefined;
  }

  return {
    async all() {
      const found: MappedDevice[] = [];
      for (const [index, kernelName] of mappedKernelNames().entries()) {
        // Hundreds of them take a while: others get their turn in between.
        if (index % TURN === TURN - 1) await setImmediate();
        const device = look(kernelName);
        if (device !== undefined) found.push(device);
      }
      return found;
    },
    async find(name) {
      const known = lookNamed(name);
      if (known !== undefined) return known;
      await freshScan();
      return lookNamed(name);
    },
  };
}
