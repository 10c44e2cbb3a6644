import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { demandCommand } from '../command.ts';
import type { Progress } from '../progress.ts';
import { configureGuest, guestFolder } from './guest.ts';
import { hashFolder, shortHash } from './hash.ts';
import { packRamdisk } from './ramdisk.ts';
import { ensureRootArchive, type Flavour } from './rootfs.ts';

/** Change when the way of building changes, though the inputs do not. */
const recipeVersion = '1';
const diskSize = '2560M';

/** A bootable image: three files in a folder that is never changed again. */
export interface Image {
  readonly folder: string;
  readonly disk: string;
  readonly kernel: string;
  readonly ramdisk: string;
}

/** The image in a folder. */
export function imageAt(folder: string): Image {
  return {
    folder,
    disk: join(folder, 'disk.raw'),
    kernel: join(folder, 'kernel'),
    ramdisk: join(folder, 'ramdisk'),
  };
}

/** Makes the image, with a Debian package of Keelson in it where one is given, once for each set of inputs. */
export async function ensureImage(
  imageFolder: string,
  debianPackage: string | undefined,
  flavour: Flavour | undefined,
  progress: Progress,
): Promise<Image> {
  const archive = await ensureRootArchive(imageFolder, flavour, progress);
  const recipe = await Promise.all([
    hashFolder(guestFolder),
    readFile(join(import.meta.dirname, 'guest.ts')),
    // Disks of the SAN are treated by it.
    readFile(join(import.meta.dirname, '../../../src/api/connect-info/multipath.ts')),
  ]);
  const packageBytes = debianPackage === undefined ? 'none' : await readFile(debianPackage);
  const key = shortHash([recipeVersion, diskSize, basename(archive), ...recipe, packageBytes]);
  const image = imageAt(join(imageFolder, `${debianPackage === undefined ? 'plain' : 'keelson'}-${key}`));
  if (existsSync(image.folder)) return image;

  const unfinished = join(imageFolder, `unfinished-${process.pid}`);
  const root = join(unfinished, 'root');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  try {
    progress(`making a boot disk${debianPackage === undefined ? '' : ` with ${basename(debianPackage)}`}`);
    await demandCommand('tar', ['-xf', archive, '-C', root]);
    await configureGuest(root);
    if (debianPackage !== undefined) {
      await cp(debianPackage, join(root, 'tmp/keelson.deb'));
      await demandCommand('chroot', [root, 'dpkg', '--install', '/tmp/keelson.deb']);
    }
    const made = imageAt(unfinished);
    const version = await packRamdisk(root, guestFolder, made.ramdisk);
    await cp(join(root, 'boot', `vmlinuz-${version}`), made.kernel);
    await rm(join(root, 'boot'), { recursive: true });
    for (const name of await readdir(join(root, 'tmp'))) {
      await rm(join(root, 'tmp', name), { recursive: true });
    }
    const settings = [
      '-q',
      '-F',
      '-t',
      'ext4',
      '-N',
      '120000',
      '-E',
      'lazy_itable_init=0,lazy_journal_init=0',
    ];
    await demandCommand('mke2fs', [...settings, '-d', root, made.disk, diskSize]);
    await rm(root, { recursive: true });
    await rename(unfinished, image.folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return image;
}

/** A young image may be about to get its first disk, in milliseconds. */
const youth = 3_600_000;

/** Removes images that no disk is laid over, unless they are young, and what broken-off builds left behind. */
export async function pruneImages(imageFolder: string, keep: ReadonlySet<string>): Promise<void> {
  for (const name of existsSync(imageFolder) ? await readdir(imageFolder) : []) {
    const folder = join(imageFolder, name);
    const builder = /unfinished-(\d+)$/.exec(name)?.[1];
    const abandoned = builder !== undefined && !existsSync(`/proc/${builder}`);
    const isOld = Date.now() - (await stat(folder)).mtimeMs > youth;
    const outdated = /^(keelson|plain)-/.test(name) && !keep.has(folder) && isOld;
    if (abandoned || outdated) await rm(folder, { recursive: true, force: true });
  }
}
