/** The part of `failures` that is about pools, targets and portals. */
export const targetFailures = {
  target_not_found: {
    status: 404,
    title: 'There is no such target',
    next: 'See `keelson target list`.',
  },
  address_taken: {
    status: 409,
    title: 'The address belongs to somebody',
    next: 'Choose an address that nobody has.',
  },
  portal_unfit: {
    status: 409,
    title: 'The address fits no network of the node',
    next: 'Each node needs a fixed address in the subnet of a portal, with the same prefix length; see `keelson doctor`.',
  },
  portal_in_use: {
    status: 409,
    title: 'Hosts are connected to the portal',
    next: 'Have them log out there; or repeat it with force: their sessions through it end, and those without another path see errors.',
  },
  portal_last: {
    status: 409,
    title: 'The target has no other portal',
    next: 'Add another portal first, with `keelson portal add`.',
  },
  portal_limit: {
    status: 409,
    title: 'The target has as many portals as it can have',
    next: 'Remove one first; a target has 8 at most.',
  },
  pool_not_named: {
    status: 409,
    title: 'There are several pools',
    next: 'Name the one to take, or a target of it: --pool or --target.',
  },
} as const satisfies Record<string, { status: number; title: string; next: string }>;
