import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../model/index.ts';
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

/** Device paths as patterns of LVM's regular expressions: what might be an operator in them matches any character. */
const pattern = (path: string): string => `"a|^${path.replaceAll(/[^A-Za-z0-9/_:-]/g, '.')}$|"`;

/** The text of lvmlocal.conf(5): no activation by events, no devices file, and a filter that every tool obeys. */
export function lvmConfiguration(systemDisks: readonly string[]): string {
  const filter = ['"a|^/dev/drbd[0-9]+$|"', ...systemDisks.map(pattern), '"r|.*|"'];
  return `# Written by Keelson; changes are overwritten.
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
  readonly run?: Run;
}

/** Writes lvmlocal.conf; `backingDisks` are the disks under DRBD on this node, by any path. */
export async function installLvm(
  backingDisks: readonly string[],
  { folder = '/etc/lvm', run = createRun(30_000) }: LvmOptions = {},
): Promise<Result<void>> {
  const listed = await runSuccessfully(run, 'lsblk', ['--json', '--output', 'PATH,FSTYPE,MOUNTPOINTS']);
  if (!listed.ok) return listed;
  const { blockdevices } = JSON.parse(listed.value) as { readonly blockdevices: readonly BlockDevice[] };
  const backing = await Promise.all(backingDisks.map((disk) => realpath(disk).catch(() => disk)));
  const content = lvmConfiguration(systemPhysicalVolumes(blockdevices, backing));
  return writeOwned(join(folder, 'lvmlocal.conf'), content, 0o644);
}
