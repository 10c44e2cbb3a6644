import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageContents } from './contents.ts';

const debianFolder = join(import.meta.dirname, 'debian');

/** Writes the package's control files; the installed size is in KiB. */
export async function writeControl(
  { name, dependencies, suggestions, description, maintainerScripts }: PackageContents,
  tree: string,
  version: string,
  installedSize: number,
): Promise<void> {
  const control = `Package: ${name}
Version: ${version}
Architecture: amd64
Maintainer: Keelson developers <keelson@example.com>
Installed-Size: ${installedSize}
Depends: libc6 (>= 2.28), libstdc++6, ${dependencies.join(', ')}
${suggestions.length === 0 ? '' : `Suggests: ${suggestions.join(', ')}\n`}Section: admin
Priority: optional
Description: ${description}
`;
  const folder = join(tree, 'DEBIAN');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'control'), control);
  for (const script of maintainerScripts) {
    await cp(join(debianFolder, script), join(folder, script));
    await chmod(join(folder, script), 0o755);
  }
}
