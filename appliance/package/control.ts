import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dependencies, suggestions } from './contents.ts';

const debianFolder = join(import.meta.dirname, 'debian');

/** Writes the package's control files; the installed size is in KiB. */
export async function writeControl(tree: string, version: string, installedSize: number): Promise<void> {
  const control = `Package: keelson
Version: ${version}
Architecture: amd64
Maintainer: Keelson developers <keelson@example.com>
Installed-Size: ${installedSize}
Depends: libc6 (>= 2.28), libstdc++6, ${dependencies.join(', ')}
Suggests: ${suggestions.join(', ')}
Section: admin
Priority: optional
Description: turns two servers into one highly available iSCSI SAN
 Keelson mirrors a disk between two servers with DRBD, cuts volumes out of it
 with LVM and exports them with the kernel's iSCSI target. Where one server
 fails, the other takes over within seconds, after the failed one is proven to
 be off.
 .
 This package holds the engine, its agents, the REST API, the command line and
 the Node.js runtime they run on.
`;
  const folder = join(tree, 'DEBIAN');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'control'), control);
  for (const script of ['postinst', 'prerm', 'postrm']) {
    await cp(join(debianFolder, script), join(folder, script));
    await chmod(join(folder, script), 0o755);
  }
}
