import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { bundlePrograms } from './bundle.ts';
import { nodePackage, type PackageContents } from './contents.ts';
import { writeControl } from './control.ts';
import { PackageError } from './error.ts';
import { bundledPackages, collectLicenses } from './licenses.ts';
import { layOutFiles } from './tree.ts';

/** Every file of the package is as old as this, so that equal sources give equal packages. Seconds since 1970. */
const sourceDate = 1_767_225_600;

export interface BuildOptions {
  /** The checkout; the package goes to its build folder. */
  readonly sources: string;
  /** The one for the nodes where not given. */
  readonly contents?: PackageContents;
  /** Where it says what it does. */
  readonly progress: (line: string) => void;
}

export interface BuiltPackage {
  readonly path: string;
  /** False where the package on disk had been made of the same files. */
  readonly isNew: boolean;
}

interface TreeFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/** Builds build/NAME_VERSION_amd64.deb, unless it is there and made of the same files. */
export async function buildPackage(options: BuildOptions): Promise<BuiltPackage> {
  const { sources, progress, contents = nodePackage } = options;
  const { name, libraryFolder } = contents;
  const { version } = JSON.parse(await readFile(join(sources, 'package.json'), 'utf8')) as {
    version: string;
  };
  const buildFolder = join(sources, 'build');
  const path = join(buildFolder, `${name}_${version}_amd64.deb`);
  const tree = join(buildFolder, `${name}-${process.pid}`);
  await mkdir(tree, { recursive: true });
  await chmod(tree, 0o755);
  try {
    progress(`bundling the programs of ${name}`);
    const metafile = await bundlePrograms(contents, sources, join(tree, libraryFolder));
    const licenses = await collectLicenses(
      sources,
      bundledPackages(metafile, Object.keys(contents.nativePackages)),
    );
    await layOutFiles(contents, sources, tree, licenses);
    await tryNativePackages(contents, join(tree, libraryFolder));
    const files = await readTree(tree);
    const size = files.reduce((sum, file) => sum + Math.ceil(file.bytes.length / 1024), 0);
    await writeControl(contents, tree, version, size);
    const fingerprint = fingerprintOf(await readTree(tree));
    const record = join(buildFolder, `${name}.sha256`);
    if (existsSync(path) && existsSync(record) && (await readFile(record, 'utf8')) === fingerprint) {
      progress('nothing has changed since it was built');
      return { path, isNew: false };
    }
    await writeFile(join(tree, 'DEBIAN/md5sums'), checksumLines(files));
    progress('packing');
    await pack(tree, `${path}.unfinished`);
    await rename(`${path}.unfinished`, path);
    await writeFile(record, fingerprint);
    return { path, isNew: true };
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

/** Loads the native packages from the tree with the tree's own Node: a file left out shows here and not on a node. */
async function tryNativePackages({ nativePackages }: PackageContents, library: string): Promise<void> {
  const imports = Object.keys(nativePackages).map((name) => `await import(${JSON.stringify(name)});`);
  const script = join(library, 'try-native-packages.js');
  await writeFile(script, imports.join('\n'));
  const result = await execa(join(library, 'bin/node'), [script], { reject: false });
  await rm(script);
  if (result.exitCode === 0) return;
  throw new PackageError(
    'build-failed',
    `the package lacks something of its native packages:\n${result.stderr}`,
    'Add what it names to nativePackages in appliance/package/contents.ts.',
  );
}

async function pack(tree: string, path: string): Promise<void> {
  const compression = ['-Zzstd', '-z6', '--threads-max=2'];
  const result = await execa('dpkg-deb', [...compression, '--root-owner-group', '--build', tree, path], {
    env: { SOURCE_DATE_EPOCH: String(sourceDate) },
    reject: false,
  });
  if (result.exitCode === 0) return;
  throw new PackageError(
    'build-failed',
    `dpkg-deb could not pack the package: ${result.stderr}`,
    'See that Debian’s dpkg is installed and that the disk has room.',
  );
}

async function readTree(tree: string): Promise<readonly TreeFile[]> {
  const files: TreeFile[] = [];
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.push({
      path: relative(tree, path),
      bytes: await readFile(path),
      mode: (await lstat(path)).mode & 0o7777,
    });
  }
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function fingerprintOf(files: readonly TreeFile[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file.path}\0${file.mode}\0${file.bytes.length}\0`);
    hash.update(file.bytes);
  }
  return `${hash.digest('hex')}\n`;
}

function checksumLines(files: readonly TreeFile[]): string {
  return files
    .filter((file) => !file.path.startsWith('DEBIAN/'))
    .map((file) => `${createHash('md5').update(file.bytes).digest('hex')}  ${file.path}\n`)
    .join('');
}
