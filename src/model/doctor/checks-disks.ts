import type { Checks } from './check.ts';

/** Of the disks that are mirrored, or are to be. */
export const diskChecks = {
  disk_missing: {
    weight: 'forbids',
    why: 'There is nothing to mirror.',
    mend: 'Check cabling, controller and the path: `ls -l /dev/disk/by-id`.',
  },
  disk_has_data: {
    weight: 'forbids',
    why: 'All that it carries would be lost.',
    mend: 'Choose another disk. Only if you have seen that nobody needs what is on it: `wipefs --all DISK` by hand.',
  },
  disk_in_use: {
    weight: 'forbids',
    why: 'Somebody writes to it: a file system, a volume group, a RAID, swap.',
    mend: 'Choose another disk, or take it away from whoever has it (`lsblk DISK` shows who).',
  },
  disk_multipath: {
    weight: 'forbids',
    why: 'multipathd holds the disk, and DRBD cannot have it.',
    mend: 'Use the multipath device itself, or take the disk out: `multipath -w DISK`, a `blacklist` in /etc/multipath.conf, then `systemctl restart multipathd`.',
  },
  disk_not_blank: {
    weight: 'warns',
    why: 'No signature that is known, and yet something is written on it: a database’s own format, a machine’s image, encrypted data.',
    mend: 'Make sure that it is the disk you mean, and that nobody needs what is on it.',
  },
  disk_read_only: {
    weight: 'forbids',
    why: 'Nothing can be written to it.',
    mend: 'Check the disk and its controller: a drive that is worn out, or a switch.',
  },
  disk_removable: {
    weight: 'warns',
    why: 'A disk on USB comes and goes, and its bridge lies about what is written.',
    mend: 'Use a disk on SAS, SATA or NVMe.',
  },
  disk_small: {
    weight: 'forbids',
    why: 'Below 128 MiB nothing remains beside what DRBD and LVM write for themselves.',
    mend: 'Give a larger disk.',
  },
  disk_none_blank: {
    weight: 'warns',
    why: 'Keelson mirrors a disk that carries nothing yet.',
    mend: 'Add a disk, or free one. A RAID volume that nobody uses will do.',
  },
  disk_blank: {
    weight: 'informs',
    why: 'It could be mirrored.',
    mend: 'Name it in the cluster file by its path in /dev/disk/by-id; `keelson doctor --disk PATH` looks at it closely.',
  },
  lvm_filter_missing: {
    weight: 'forbids',
    why: 'LVM sees the volume group on the disk under DRBD, and activates it past the mirror: both copies differ from then on.',
    mend: 'Restart keelsond after the set-up was repeated, or put back /etc/lvm/lvmlocal.conf from the other node, and compare it with this node’s system disks.',
  },
} as const satisfies Checks;
