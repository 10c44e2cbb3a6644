/** What can keep a snapshot from being made, used or deleted; part of `failures`. */
export const snapshotFailures = {
  snapshot_not_found: {
    status: 404,
    title: 'There is no such snapshot',
    next: 'List the snapshots with `keelson snapshot list`.',
  },
  snapshot_busy: {
    status: 409,
    title: 'The snapshot is being made, used or deleted',
    next: 'Wait for the operation named in the message.',
  },
  snapshot_limit: {
    status: 409,
    title: 'The LUN has as many snapshots as a LUN may have',
    next: 'Delete those that are not needed any more: `keelson snapshot list --lun LUN`.',
  },
  lun_not_thin: {
    status: 409,
    title: 'Only thin LUNs have snapshots and clones',
    next: 'Nothing was changed. Make a thin LUN (`keelson lun create --thin`) and copy the data to it on the host; a snapshot of a thick one would slow down each write and become useless when it fills.',
  },
  lun_has_snapshots: {
    status: 409,
    title: 'The LUN has snapshots',
    next: 'Nothing was changed. Delete them first, or delete them with it: `keelson lun delete LUN --with-snapshots`.',
  },
  thin_pool_nearly_full: {
    status: 409,
    title: 'What the thin LUNs of the pool share is nearly full',
    next: 'Nothing was changed. Delete snapshots or LUNs that are not needed, or have the hosts give back what they do not use (fstrim): with a snapshot, each block that a host writes anew takes space.',
  },
} as const satisfies Record<string, { status: number; title: string; next: string }>;
