/** What can keep a pool from being recovered from a split brain; part of `failures`. */
export const poolFailures = {
  pool_not_split: {
    status: 409,
    title: 'There is nothing to recover',
    next: 'Nothing was changed: no copy has data that the other lacks, as far as both nodes can tell. See `keelson status`; copies that only lag behind are brought up to date by themselves.',
  },
  copies_unrelated: {
    status: 409,
    title: 'The copies have no past in common',
    next: 'Nothing was changed. Choose the copy that is lost, and have its disk made new: `keelson node replace NODE --disk DISK --overwrite DISK`, with the disk of that node.',
  },
  recovery_victim_serves: {
    status: 409,
    title: 'The node whose changes were to be discarded serves the pool',
    next: 'Nothing was changed. Discard the changes of the other node; or, if those of this one are to be lost: `keelson node standby NODE --force`, which ends the service, then the same command again, then `keelson node online NODE`.',
  },
  recovery_two_primaries: {
    status: 409,
    title: 'Both copies of the pool are Primary',
    next: 'Nothing was changed. On the node whose changes are to be lost, end what uses the pool and type `drbdadm secondary POOL`; then repeat the command.',
  },
  recovery_unknown: {
    status: 409,
    title: 'Nobody can tell how a copy of the pool is just now',
    next: 'Nothing was changed. Bring both nodes online, out of maintenance, with their mirrors started (`keelson status`), and repeat the command.',
  },
  recovery_running: {
    status: 409,
    title: 'The pool is being changed already',
    next: 'Nothing was changed. Wait for the operation that the message names: `keelson operation show ID`.',
  },
  recovery_victim_newer: {
    status: 409,
    title: 'Only the copy that was to be discarded was written to',
    next: 'Nothing was changed. The other copy has nothing of its own, and DRBD keeps the one that was written to: discard the other one. If those changes are to be lost all the same, have the disk made new: `keelson node replace NODE --disk DISK --overwrite DISK`.',
  },
  recovery_failed: {
    status: 500,
    title: 'The copies of the pool did not come together',
    next: 'No more was changed. See `journalctl -k` on both nodes for what DRBD says, mend that, and repeat `keelson pool recover`.',
  },
} as const;
