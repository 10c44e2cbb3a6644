import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demandCommand } from './command.ts';
import { LabError } from './error.ts';
import type { LabMachine } from './node.ts';
import type { Progress } from './progress.ts';

/** Checksums of a package's files, by path without the leading slash; dpkg keeps the same list on the node. */
type Checksums = ReadonlyMap<string, string>;

/** Debian's list of checksums, read. */
export function readChecksums(text: string): Checksums {
  const entries = text
    .split('\n')
    .map((line) => /^([0-9a-f]{32}) {2}(.+)$/.exec(line))
    .flatMap((match) =>
      match?.[1] === undefined || match[2] === undefined ? [] : [[match[2], match[1]] as const],
    );
  return new Map(entries);
}

const dpkgFolder = '/var/lib/dpkg/info';

/**
 * Installs a Debian package of Keelson on running nodes and restarts its services there. A node that has Keelson already
 * is sent only the files that differ (the runtime is a hundred times the size of the rest, and an emulated processor
 * decrypts a megabyte in a second); afterwards it is as if dpkg had installed the package.
 */
export async function deployTo(
  nodes: readonly LabMachine[],
  debianPackage: string,
  progress: Progress,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'keelson-deploy-'));
  try {
    await demandCommand('dpkg-deb', ['--raw-extract', debianPackage, join(folder, 'tree')]);
    const text = await readFile(join(folder, 'tree/DEBIAN/md5sums'), 'utf8');
    await Promise.all(
      nodes.map(async (node) => {
        const installed = await node.run(
          `dpkg-query -W -f '\${db:Status-Abbrev}' keelson 2>/dev/null | grep -q '^ii' && cat ${dpkgFolder}/keelson.md5sums`,
        );
        if (installed.exitCode === 0) {
          await sendChanges(node, folder, readChecksums(installed.stdout), readChecksums(text), progress);
        } else {
          await sendPackage(node, debianPackage, progress);
        }
        progress(`${node.name} runs it`);
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sendPackage(node: LabMachine, debianPackage: string, progress: Progress): Promise<void> {
  progress(`copying the whole package to ${node.name}`);
  await node.copyTo(debianPackage, '/var/tmp/keelson.deb');
  progress(`installing it on ${node.name}`);
  await node.demand(
    'dpkg --force-unsafe-io --install /var/tmp/keelson.deb && sync && rm /var/tmp/keelson.deb',
    { timeout: 300_000 },
  );
}

async function sendChanges(
  node: LabMachine,
  folder: string,
  old: Checksums,
  fresh: Checksums,
  progress: Progress,
): Promise<void> {
  const changed = [...fresh].filter(([path, sum]) => old.get(path) !== sum).map(([path]) => path);
  const gone = [...old.keys()].filter((path) => !fresh.has(path));
  progress(`sending ${changed.length} changed files to ${node.name}`);
  const archive = join(folder, `${node.name}.tar.gz`);
  const names = join(folder, `${node.name}.names`);
  const control = ['postinst', 'prerm', 'postrm', 'md5sums'].map((name) => `DEBIAN/${name}`);
  await writeFile(names, [...changed, ...control].map((name) => `${name}\n`).join(''));
  await demandCommand('tar', [
    ...['--create', '--gzip', '--file', archive, '--directory', join(folder, 'tree')],
    ...['--owner=0', '--group=0', '--transform', 's#^DEBIAN/#var/lib/dpkg/info/keelson.#'],
    ...['--files-from', names],
  ]);
  await node.copyTo(archive, '/var/tmp/keelson-changes.tar.gz');
  const outcome = await node.run(
    `set -e
    tar --extract --gzip --unlink-first --file /var/tmp/keelson-changes.tar.gz --directory /
    xargs -r -d '\\n' rm -f --
    rm /var/tmp/keelson-changes.tar.gz
    ${dpkgFolder}/keelson.postinst configure 0.0
    sync`,
    { timeout: 180_000, input: gone.map((path) => `/${path}\n`).join('') },
  );
  if (outcome.exitCode !== 0) {
    throw new LabError(
      'command-failed',
      `${node.name} could not take the changes: ${outcome.stderr || 'it took too long'}`,
      'Run `npm run lab -- up --fresh`, or look at the node.',
    );
  }
}
