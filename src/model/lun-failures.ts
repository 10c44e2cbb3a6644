/** The part of `failures` that is about LUNs, their room, and the hosts that use them. */
export const lunFailures = {
  lun_not_found: {
    status: 404,
    title: 'There is no such LUN',
    next: 'List the LUNs with `keelson lun list`.',
  },
  host_not_found: {
    status: 404,
    title: 'There is no such host',
    next: 'List the hosts with `keelson host list`.',
  },
  host_in_use: {
    status: 409,
    title: 'LUNs are mapped to the host',
    next: 'Hide them from it first, each with `keelson lun unmap LUN HOST`.',
  },
  sessions_open: {
    status: 409,
    title: 'A host is logged in that would lose its disk',
    next: 'Have the host let go of it (unmount, `iscsiadm --logout`), or give --force: what the host has under way then fails. See `keelson host sessions`.',
  },
  sessions_unknown: {
    status: 409,
    title: 'Nobody can tell just now whether a host is logged in',
    next: 'Repeat it when the node answers (see `keelson status`), or give --force.',
  },
  initiator_taken: {
    status: 409,
    title: 'The initiator belongs to another host',
    next: 'An initiator belongs to one host: take it away from the other one first, or use another IQN.',
  },
  pool_full: {
    status: 409,
    title: 'The pool has not enough free space',
    next: 'Ask for a smaller size or delete a LUN.',
  },
  pool_not_ready: {
    status: 409,
    title: 'The pool is not ready yet',
    next: 'Wait until `keelson status` shows the pool as serving.',
  },
  thin_overcommitted: {
    status: 409,
    title: 'The thin LUNs of the pool would promise too much',
    next: 'Ask for less, or delete a thin LUN. All of them together may come to ten times what the pool could give them.',
  },
  thin_pool_fills: {
    status: 409,
    title: 'What the thin LUNs share fills',
    next: 'Nothing to do: it is extended out of what is free of the pool.',
  },
  reservations_unavailable: {
    status: 409,
    title: 'What hosts have reserved on the pool’s LUNs cannot be read',
    next: 'It is tried again every five minutes. On the node that serves, e2fsck -f of the pool’s volume keelson_reservations may mend it; then keelson cleanup of the LUNs that are not served: those are the ones that hosts had registered for.',
  },
  reservations_lost: {
    status: 409,
    title: 'What hosts had reserved on the LUN is lost',
    next: "Stop the hosts that share the LUN, or see to it that only one of them uses it. Then declare on the node that serves that nothing is reserved: printf 'No Registrations or Reservations\\0' into the file of the message; then keelson cleanup of the LUN. The hosts register anew.",
  },
  lun_would_shrink: {
    status: 409,
    title: 'A LUN does not become smaller',
    next: 'Nothing was changed. Ask for more than it has; for a smaller one, make another LUN and copy the data on the host.',
  },
  lun_busy: {
    status: 409,
    title: 'The LUN is being changed',
    next: 'Wait for the operation named in the message.',
  },
} as const satisfies Record<string, { status: number; title: string; next: string }>;
