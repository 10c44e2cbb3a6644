import { STAGED, type StagedFault } from './fault.ts';

/** Of loop devices, by number; the file is in memory. */
const loop = (
  number: number,
  size: string,
  ...after: readonly string[]
): Pick<StagedFault, 'stage' | 'end'> => ({
  stage: [
    'modprobe loop',
    `mkdir -p ${STAGED}`,
    `truncate --size ${size} ${STAGED}/disk${number}`,
    `losetup /dev/loop${number} ${STAGED}/disk${number}`,
    ...after,
  ].join('\n'),
  end: [
    `umount ${STAGED}/mounted${number} 2>/dev/null || true`,
    `losetup --detach /dev/loop${number} 2>/dev/null || true`,
    `rm -f ${STAGED}/disk${number}`,
  ].join('\n'),
});

/** What somebody may offer as a disk of a new pool. */
export const offeredDisks: readonly string[] = [
  ...[1, 2, 3, 4, 5].map((number) => `/dev/loop${number}`),
  '/dev/disk/by-id/none',
];

export const diskFaults: readonly StagedFault[] = [
  { codes: ['disk_has_data'], on: 'mirroring', ...loop(1, '256M', 'mkswap /dev/loop1') },
  { codes: ['disk_not_blank'], on: 'mirroring', ...loop(2, '256M', 'echo ORCLDISK >/dev/loop2; sync') },
  {
    codes: ['disk_in_use'],
    on: 'mirroring',
    ...loop(
      3,
      '256M',
      'mkfs.ext4 -q /dev/loop3',
      `mkdir -p ${STAGED}/mounted3`,
      `mount /dev/loop3 ${STAGED}/mounted3`,
    ),
  },
  { codes: ['disk_read_only'], on: 'mirroring', ...loop(4, '256M', 'blockdev --setro /dev/loop4') },
  { codes: ['disk_small'], on: 'mirroring', ...loop(5, '64M') },
  { codes: ['disk_missing'], on: 'mirroring', stage: 'true', end: 'true' },
];
