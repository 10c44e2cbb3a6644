import { mkdir, rename, rm } from 'node:fs/promises';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { LabError } from '../error.ts';
import type { Progress } from '../progress.ts';
import { shortHash } from './hash.ts';

/** What a machine has besides the usual packages; each adds a list of its own, and gives an image of its own. */
export type Flavour = 'pacemaker' | 'witness';

const packageListFile = (flavour?: Flavour): string =>
  join(import.meta.dirname, flavour === undefined ? 'packages.txt' : `packages-${flavour}.txt`);
const suite = 'bookworm';

/** What nobody reads in a lab machine. */
const leftOut = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*'];

const recipe: readonly string[] = [
  '--mode=root',
  '--variant=minbase',
  '--format=tar',
  '--aptopt=APT::Install-Recommends "false"',
  ...leftOut.map((path) => `--dpkgopt=path-exclude=${path}`),
  // Debian's own ramdisk is not used (see ramdisk.ts), so it had better be quick to make.
  '--essential-hook=mkdir -p "$1/etc/initramfs-tools/conf.d"',
  '--essential-hook=echo MODULES=list >"$1/etc/initramfs-tools/conf.d/keelson-lab"',
];

/** The names in a list of packages. */
export function readPackageList(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

/** Makes Debian's root file system with the lab's packages, once for each package list. Returns the archive's path. */
export async function ensureRootArchive(
  imageFolder: string,
  flavour: Flavour | undefined,
  progress: Progress,
): Promise<string> {
  const lists = [packageListFile(), ...(flavour === undefined ? [] : [packageListFile(flavour)])];
  const packages = lists.flatMap((file) => readPackageList(readFileSync(file, 'utf8')));
  const archive = join(imageFolder, `debian-${shortHash([suite, ...recipe, ...packages])}.tar`);
  if (existsSync(archive)) return archive;
  await mkdir(imageFolder, { recursive: true });
  const unfinished = `${archive}.unfinished-${process.pid}`;
  progress(`building a Debian ${suite} root of ${packages.length} packages (about a minute and a half)`);
  const outcome = await runCommand('mmdebstrap', [
    ...recipe,
    `--include=${packages.join(',')}`,
    suite,
    unfinished,
  ]);
  if (outcome.exitCode !== 0) {
    await rm(unfinished, { force: true });
    throw new LabError(
      'image-failed',
      `mmdebstrap could not build the image:\n${outcome.stderr.slice(-3000)}`,
      'See that the machine reaches a Debian mirror (apt-get update) and repeat the command.',
    );
  }
  await rename(unfinished, archive);
  return archive;
}
