/** Attributes of the portal group, and why they are so; who has to prove what is in `access.ts`. */
export const attributes: readonly (readonly [name: string, value: string])[] = [
  // Who has no ACL does not get in, and if that were ever changed by hand, could not write.
  ['generate_node_acls', '0'],
  ['demo_mode_write_protect', '1'],
  ['cache_dynamic_acls', '0'],
  // Seconds in which a login must be done; one that hangs is dropped before the host's own timeout.
  ['login_timeout', '15'],
  // Commands in flight for each session: VMware and Windows queue up to 128 for each LUN.
  ['default_cmdsn_depth', '128'],
];

/** iSCSI's operational keys (RFC 7143, chapter 13). The kernel's defaults cost a round trip for each write. */
export const keys: readonly (readonly [name: string, value: string])[] = [
  // Data may follow the command at once, without waiting for the target's R2T.
  ['InitialR2T', 'No'],
  ['ImmediateData', 'Yes'],
  ['FirstBurstLength', '262144'],
  ['MaxBurstLength', '1048576'],
  // 8 KiB by default: 32 times the headers for the same data.
  ['MaxRecvDataSegmentLength', '262144'],
  ['MaxXmitDataSegmentLength', '262144'],
  ['MaxOutstandingR2T', '8'],
  // A host that lost its session, in a failover above all, may come back at once.
  ['DefaultTime2Wait', '0'],
];
