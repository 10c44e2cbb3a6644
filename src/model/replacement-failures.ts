/** What can keep a node's disks from being replaced; part of `failures`. */
export const replacementFailures = {
  replacement_running: {
    status: 409,
    title: 'Disks of another node are being replaced',
    next: 'Nothing was changed. Wait until `keelson status` does not tell of it any more: one node at a time.',
  },
  replacement_not_ready: {
    status: 409,
    title: 'The cluster is not ready for the new machine',
    next: 'Nothing was handed out. Wait until `keelson status` says that it waits for the new machine, and repeat the command.',
  },
  replacement_superseded: {
    status: 409,
    title: 'Other disks were asked for meanwhile',
    next: 'Nothing: see the later operation in `keelson status`.',
  },
  replacement_needs_other: {
    status: 409,
    title: 'The other node has not all the data',
    next: 'Nothing was changed: what the message names would be lost. Bring the other node in order first (`keelson status`), and wait until its copy is current.',
  },
  disk_unchanged: {
    status: 409,
    title: 'The disk is the one that is there, and it works',
    next: 'Nothing was changed. Give the path of the new disk; a name below /dev/disk/by-id tells one from the other.',
  },
  replacement_too_small: {
    status: 409,
    title: 'The new disk is smaller than the data of the pool',
    next: 'Nothing was written to it. Repeat `keelson node replace NODE --disk DISK` with a disk of at least as many bytes as the message names.',
  },
} as const;
