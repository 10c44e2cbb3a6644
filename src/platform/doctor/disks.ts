import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bytes, type Bytes, type ContentFacts, type DiskFacts, type Looks } from '../../model/index.ts';
import { signaturesIn } from '../formation/disk.ts';
import { namesIn, output, type Place } from './place.ts';

const COLUMNS = 'PATH,TYPE,SIZE,LOG-SEC,RO,RM,TRAN,FSTYPE,MOUNTPOINTS';

/** A line of `lsblk --json --bytes`. */
interface Listed {
  readonly path: string;
  readonly type: string;
  readonly size: number;
  readonly 'log-sec': number;
  readonly ro: boolean;
  readonly rm: boolean;
  readonly tran: string | null;
  readonly fstype: string | null;
  readonly mountpoints: readonly (string | null)[];
  readonly children?: readonly Listed[];
}

export async function lookAtDisks(place: Place): Promise<Looks['disks']> {
  const text = await output(place, 'lsblk', ['--json', '--bytes', '--output', COLUMNS]);
  return disksIn(text);
}

/** What `lsblk` printed; the columns are ours. */
export function disksIn(text: string): readonly DiskFacts[] {
  const { blockdevices } = JSON.parse(text) as { readonly blockdevices: readonly Listed[] };
  return blockdevices.map(factsOf);
}

const factsOf = (listed: Listed): DiskFacts => ({
  path: listed.path,
  type: listed.type,
  size: bytes(listed.size),
  sectorSize: bytes(listed['log-sec']),
  isReadOnly: listed.ro,
  isRemovable: listed.rm,
  transport: listed.tran ?? undefined,
  content: listed.fstype ?? undefined,
  mountpoints: listed.mountpoints.filter((point) => point !== null),
  children: (listed.children ?? []).map(factsOf),
});

const BY_ID = '/dev/disk/by-id';

/** udev makes them as links: `../../sdb`. */
export async function lookAtDiskNames(place: Place): Promise<Looks['diskNames']> {
  const links = await Promise.all(
    (await namesIn(place, BY_ID)).map(async (name): Promise<[string, string]> => {
      const device = await readlink(join(place.root, BY_ID, name)).catch(() => '');
      return [`${BY_ID}/${name}`, `/dev/${basename(device)}`];
    }),
  );
  return Object.fromEntries(links.filter(([, device]) => device !== '/dev/'));
}

const MEBIBYTE = 1024 * 1024;

/**
 * Only reads. In programs of their own, because a disk that does not answer holds whoever asks it, and `cmp` compares
 * with zeros without bringing what it reads in here.
 */
export const lookAtContents = (place: Place, paths: readonly string[]): Promise<Looks['contents']> =>
  Promise.all(paths.map((path) => lookAtContent(place, path)));

async function lookAtContent(place: Place, path: string): Promise<ContentFacts> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isBlockDevice() !== true) return { path, device: undefined, signatures: [], isBlank: false };
  const device = await realpath(path);
  const signatures = signaturesIn(await output(place, 'wipefs', ['--no-act', '--json', device]));
  const size = bytes(Number((await output(place, 'blockdev', ['--getsize64', device])).trim()));
  return { path, device, signatures, isBlank: await isBlank(place, device, size) };
}

async function isBlank(place: Place, device: string, size: Bytes): Promise<boolean> {
  const last = Math.max(0, size - MEBIBYTE);
  for (const from of new Set([0, last])) {
    const args = ['--silent', `--bytes=${MEBIBYTE}`, `--ignore-initial=${from}:0`, device, '/dev/zero'];
    const compared = await place.run('cmp', args);
    if (!compared.ok) throw new Error(compared.failure.message);
    const { exitCode, stderr } = compared.value;
    if (exitCode > 1) throw new Error(`cmp ${device}: ${stderr.trim()}`);
    if (exitCode === 1) return false;
  }
  return true;
}
