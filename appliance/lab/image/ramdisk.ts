import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { demandCommand } from '../command.ts';

/** Built into the ramdisk: the root disk and its file system, and the network cards, so that they exist before udev. */
const modules = ['virtio_pci', 'virtio_blk', 'virtio_net', 'virtio_rng', 'crc32c_generic', 'ext4'];

/**
 * Packs a ramdisk of a few files that mounts /dev/vda and hands over. Debian's own takes several seconds of emulated
 * processor time for what the lab knows already. Returns the kernel's version.
 */
export async function packRamdisk(root: string, guestFolder: string, ramdisk: string): Promise<string> {
  const [version] = (await readdir(join(root, 'lib/modules'))).sort().reverse();
  if (version === undefined) throw new Error('The image holds no kernel.');
  const folder = join(root, 'tmp', 'ramdisk');
  for (const name of ['bin', 'modules', 'dev', 'proc', 'root']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await cp(join(root, 'bin/busybox'), join(folder, 'bin/busybox'));
  await cp(join(guestFolder, 'init'), join(folder, 'init'));
  await chmod(join(folder, 'init'), 0o755);
  const order: string[] = [];
  for (const module of modules) {
    const lines = await demandCommand('chroot', [
      root,
      ...['modprobe', '--set-version', version, '--show-depends', module],
    ]);
    for (const line of lines.split('\n')) {
      const path = /^insmod (\S+)/.exec(line)?.[1];
      if (path === undefined || order.includes(basename(path))) continue;
      order.push(basename(path));
      await cp(join(root, path), join(folder, 'modules', basename(path)));
    }
  }
  await writeFile(join(folder, 'modules/order'), `${order.join('\n')}\n`);
  const script = 'cd /tmp/ramdisk && find . | busybox cpio -o -H newc >/tmp/ramdisk.cpio';
  await demandCommand('chroot', [root, 'sh', '-c', script]);
  await cp(join(root, 'tmp/ramdisk.cpio'), ramdisk);
  return version;
}
