import { constants, copyFile, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, failure, success, type Result } from '../../model/index.ts';
import { createRun, runSuccessfully, type Run } from '../processes/run.ts';
import { writeOwned } from './owned-file.ts';

/** A block device as `lsblk --json` tells it, with what is stacked upon it. */
export interface BlockDevice {
  readonly path: string;
  readonly fstype: string | null;
  readonly mountpoints: readonly (string | null)[];
  readonly children?: readonly BlockDevice[];
}

const isInUse = (device: BlockDevice): boolean =>
  device.mountpoints.some((point) => point !== null) || (device.children ?? []).some(isInUse);

/**
 * The physical volumes under the operating system's own mounted volumes. Nothing else than these and DRBD's devices
 * may be seen by LVM: a backing disk shows the same labels as the DRBD device above it.
 */
export function systemPhysicalVolumes(
  devices: readonly BlockDevice[],
  backingDisks: readonly string[],
): readonly string[] {
  return devices.flatMap((device) => {
    if (backingDisks.includes(device.path) || device.path.startsWith('/dev/drbd')) return [];
    const children = device.children ?? [];
    if (device.fstype === 'LVM2_member' && children.some(isInUse)) return [device.path];
    return systemPhysicalVolumes(children, backingDisks);
  });
}

const OURS = '# Written by Keelson; changes are overwritten.';

/**
 * The names that udev gives the device for good, where it has any; else the kernel's own, which may be another disk's
 * after the next boot. LVM accepts a device when one of its names is accepted.
 */
async function stableNames(device: string, folder: string): Promise<readonly string[]> {
  const links = (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  const targets = await Promise.all(links.map((link) => realpath(link).catch(() => undefined)));
  const own = await realpath(device).catch(() => device);
  const names = links.filter((_link, index) => targets[index] === own).sort();
  return names.length > 0 ? names : [device];
}

/** What somebody else wrote is kept beside it, once. */
async function keepForeign(path: string): Promise<Result<void>> {
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present === undefined || present.startsWith(OURS)) return success(undefined);
  try {
    await copyFile(path, `${path}.before-keelson`, constants.COPYFILE_EXCL);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return failed(failure('host_setup_failed', `${path}: ${message}`));
  }
  return success(undefined);
}

/** Device paths as patterns of LVM's regular expressions: what might be an operator in them matches any character. */
const pattern = (path: string): string => `"a|^${path.replaceAll(/[^A-Za-z0-9/_:-]/g, '.')}$|"`;

/** The text of lvmlocal.conf(5): no activation by events, no devices file, and a filter that every tool obeys. */
export function lvmConfiguration(systemDisks: readonly string[]): string {
  const filter = ['"a|^/dev/drbd[0-9]+$|"', ...systemDisks.map(pattern), '"r|.*|"'];
  return `${OURS}
devices {
    global_filter = [ ${filter.join(', ')} ]
    use_devicesfile = 0
}
global {
    event_activation = 0
}
`;
}

export interface LvmOptions {
  /** The default is /etc/lvm. */
  readonly folder?: string;
  /** udev's links; the default is /dev/disk/by-id. */
  readonly links?: string;
  readonly run?: Run;
}

/** Writes lvmlocal.conf; `backingDisks` are the disks under DRBD on this node, by any path. */
export async function installLvm(
  backingDisks: readonly string[],
  { folder = '/etc/lvm', links = '/dev/disk/by-id', run = createRun(30_000) }: LvmOptions = {},
): Promise<Result<void>> {
  const listed = await runSuccessfully(run, 'lsblk', ['--json', '--output', 'PATH,FSTYPE,MOUNTPOINTS']);
  if (!listed.ok) return listed;
  const { blockdevices } = JSON.parse(listed.value) as { readonly blockdevices: readonly BlockDevice[] };
  const backing = await Promise.all(backingDisks.map((disk) => realpath(disk).catch(() => disk)));
  const volumes = systemPhysicalVolumes(blockdevices, backing);
  const names = await Promise.all(volumes.map((volume) => stableNames(volume, links)));
  const path = join(folder, 'lvmlocal.conf');
  const kept = await keepForeign(path);
  if (!kept.ok) return kept;
  return writeOwned(path, lvmConfiguration(names.flat()), 0o644);
}
