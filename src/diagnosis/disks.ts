import { bytes, type ContentFacts, type DiskFacts, type NodeFacts } from '../model/index.ts';
import { told, type Found, type Situation } from './situation.ts';
import { listText, sizeText } from './words.ts';

const LEAST = bytes(128 * 1024 * 1024);

export function diskFindings(facts: NodeFacts, situation: Situation): readonly Found[] {
  const disks = told(facts, 'disks') ?? [];
  const contents = told(facts, 'contents') ?? [];
  if (situation.config === undefined && situation.candidates.length === 0)
    return told(facts, 'disks') === undefined ? [] : blank(disks);
  return contents.flatMap((content) =>
    situation.candidates.includes(content.path) ? candidate(content, disks) : backing(content, disks),
  );
}

/** A disk that is mirrored: it carries what Keelson wrote. */
function backing({ path, device }: ContentFacts, disks: readonly DiskFacts[]): readonly Found[] {
  if (device === undefined) return [['disk_missing', `${path} is no block device`]];
  return manners(path, find(disks, device));
}

function candidate(content: ContentFacts, disks: readonly DiskFacts[]): readonly Found[] {
  const { path, device, signatures, isBlank } = content;
  if (device === undefined) return [['disk_missing', `${path} is no block device`]];
  const disk = find(disks, device);
  const found: Found[] = [...manners(path, disk)];
  const users = disk === undefined ? [] : usersOf(disk);
  const multipath = (disk?.children ?? []).find(({ type }) => type === 'mpath');
  if (multipath !== undefined) found.push(['disk_multipath', `${path} is a path of ${multipath.path}`]);
  else if (users.length > 0) found.push(['disk_in_use', `${path} is in use: ${listText(users)}`]);
  const parts = (disk?.children ?? []).filter(({ type }) => type === 'part').length;
  const carries = [...new Set(signatures), ...(parts > 0 ? [`${parts} partitions`] : [])];
  if (carries.length > 0) found.push(['disk_has_data', `${path} carries ${listText(carries)}`]);
  else if (!isBlank && multipath === undefined)
    found.push(['disk_not_blank', `${path} carries nothing that is known, and is not empty`]);
  return found;
}

/** What the disk is, whatever it carries. */
function manners(path: string, disk: DiskFacts | undefined): readonly Found[] {
  if (disk === undefined) return [];
  const found: Found[] = [];
  if (disk.isReadOnly) found.push(['disk_read_only', `${path} can only be read`]);
  if (disk.isRemovable || disk.transport === 'usb')
    found.push(['disk_removable', `${path} can be pulled out${disk.transport === 'usb' ? ' (USB)' : ''}`]);
  if (disk.size < LEAST) found.push(['disk_small', `${path} has ${sizeText(disk.size)}`]);
  return found;
}

/** Who has it: where it is mounted, and what is stacked upon it. A partition alone is nobody. */
const usersOf = ({ mountpoints, children }: DiskFacts): readonly string[] => [
  ...mountpoints.map((point) => (point === '[SWAP]' ? 'swap' : `mounted on ${point}`)),
  ...children.flatMap((child) =>
    child.type === 'part' ? usersOf(child) : [`${child.path} (${child.type})`, ...usersOf(child)],
  ),
];

/** What never is a disk that somebody would mirror. */
const noDisk = /^\/dev\/(?:drbd|fd|loop|nbd|ram|sr|zram)\d/;

/** Disks, and not what is stacked upon them or only looks like one. */
export const wholeDisks = (disks: readonly DiskFacts[]): readonly DiskFacts[] =>
  disks.filter(({ type, path }) => type === 'disk' && !noDisk.test(path));

/** Why a disk cannot be mirrored, as far as lsblk can tell; undefined: it seems to carry nothing. */
export function takenBecause(disk: DiskFacts): string | undefined {
  if (disk.isReadOnly) return 'it can only be read';
  if (disk.isRemovable) return 'it can be pulled out';
  const users = usersOf(disk);
  if (users.length > 0) return `it is in use: ${listText(users)}`;
  if (disk.content !== undefined) return `it carries ${disk.content}`;
  if (disk.children.length > 0) return 'it has partitions';
  return disk.size < LEAST ? `it has only ${sizeText(disk.size)}` : undefined;
}

function blank(disks: readonly DiskFacts[]): readonly Found[] {
  const free = wholeDisks(disks).filter((disk) => takenBecause(disk) === undefined);
  if (free.length === 0) return [['disk_none_blank', 'no disk was found that carries nothing']];
  return free.map(({ path, size }): Found => [
    'disk_blank',
    `${path} of ${sizeText(size)} seems to carry nothing`,
  ]);
}

function find(disks: readonly DiskFacts[], device: string): DiskFacts | undefined {
  for (const disk of disks) {
    const found = disk.path === device ? disk : find(disk.children, device);
    if (found !== undefined) return found;
  }
  return undefined;
}
