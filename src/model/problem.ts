/** From worst to least. `failure-would-not-be-survived`: all is served, by the last that can serve it. */
export type Severity = 'data-not-served' | 'failure-would-not-be-survived' | 'attention';

/**
 * What a status may tell that is not a failure of anything that was asked for. The engine gives them their place in
 * the list by `severity`, and the documentation is made from this table. Beside them a status tells the failures of
 * operations, fence devices and what nodes notice of themselves, by the codes of `failures`.
 */
export const problemCodes = {
  not_synchronised: {
    severity: 'data-not-served',
    meaning: 'The node that was asked does not know the state of the cluster just now.',
  },
  no_quorum: {
    severity: 'data-not-served',
    meaning: 'Too few nodes see each other, or this one has just started and has not seen the other yet.',
  },
  node_lost: {
    severity: 'failure-would-not-be-survived',
    meaning: 'A node has gone without a word and is being fenced.',
  },
  node_offline: {
    severity: 'failure-would-not-be-survived',
    meaning: 'A node is off: fenced with proof, or gone in order.',
  },
  node_joining: { severity: 'failure-would-not-be-survived', meaning: 'A node is on its way in.' },
  node_engine_gone: {
    severity: 'failure-would-not-be-survived',
    meaning: 'The engine of a node is away while the node is there; it is fenced if that lasts.',
  },
  node_to_be_fenced: {
    severity: 'failure-would-not-be-survived',
    meaning: 'A node that is there has to be fenced, for instance because something did not stop on it.',
  },
  node_standby: {
    severity: 'failure-would-not-be-survived',
    meaning: 'A person keeps everything off a node.',
  },
  node_maintenance: {
    severity: 'failure-would-not-be-survived',
    meaning: 'A person has asked to leave a node alone.',
  },
  node_leaving: {
    severity: 'failure-would-not-be-survived',
    meaning: 'A node is leaving in order; what it runs moves away.',
  },
  cluster_maintenance: {
    severity: 'failure-would-not-be-survived',
    meaning: 'A person has asked to leave the whole cluster alone.',
  },
  fencing_untested: {
    severity: 'failure-would-not-be-survived',
    meaning: 'It was never seen that a node can be fenced; if it cannot, nothing is taken over from it.',
  },
  fencing_waived: {
    severity: 'attention',
    meaning: 'Somebody answers for a node whose fencing was never tested.',
  },
  fencing_test_only: {
    severity: 'failure-would-not-be-survived',
    meaning:
      'A node has a fence device that is only for tests (`ssh`, `null`): what it says is no proof that the node is off. It never goes away while the device is there.',
  },
  fencing_shares_power: {
    severity: 'failure-would-not-be-survived',
    meaning:
      'Every level of a node’s fence devices needs one that is dark when the node has no power: the loss of that power would not be survived without a person.',
  },
  node_replacing: {
    severity: 'failure-would-not-be-survived',
    meaning: 'Disks of a node are being replaced: until they are filled, only the other node has the data.',
  },
  resource_unmanaged: { severity: 'attention', meaning: 'A person has asked to leave a resource alone.' },
  witness_changing: {
    severity: 'attention',
    meaning: 'A witness comes or goes: the rules of quorum are being changed on all nodes.',
  },
  pool_new: { severity: 'attention', meaning: 'A pool is being made.' },
  pool_not_served: { severity: 'data-not-served', meaning: 'A pool is primary on no node.' },
  pool_split: {
    severity: 'failure-would-not-be-survived',
    meaning:
      'Each copy of a pool has data that the other lacks (a split brain): a person has to choose whose changes are lost. `data-not-served` where nothing is promoted before that.',
  },
  pool_frozen: {
    severity: 'data-not-served',
    meaning: 'A pool holds back all I/O until its peer is confirmed off or connected again.',
  },
  replica_not_current: {
    severity: 'failure-would-not-be-survived',
    meaning: 'One of the two copies of a pool is not up to date.',
  },
  thin_pool_filling: {
    severity: 'attention',
    meaning:
      'Of all that a pool can give its thin LUNs, or of what keeps book of it, 80 % or more is in use. When all is, writes to them fail.',
  },
  thin_pool_full: {
    severity: 'data-not-served',
    meaning:
      'A pool can give its thin LUNs nothing more: writes to them that need a new block fail. Reads, and writes to what was written before, go on.',
  },
  thin_pool_broken: {
    severity: 'data-not-served',
    meaning: 'What keeps book of the thin LUNs of a pool takes no writes until it was repaired.',
  },
  lun_not_served: { severity: 'data-not-served', meaning: 'A LUN is served by no node.' },
  portal_not_served: {
    severity: 'data-not-served',
    meaning:
      'A target runs on no node, or a portal that is the last way to it; `attention` while others lead there.',
  },
} as const satisfies Readonly<Record<string, { readonly severity: Severity; readonly meaning: string }>>;

type ProblemCode = keyof typeof problemCodes;

/** Something a person should know, with the next command to type. */
export interface Problem {
  /** Of `problemCodes` or of `failures`; a newer node may know more of them. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly next: string;
}

/** With the severity that its code has. */
export const problem = (code: ProblemCode, message: string, next: string): Problem => ({
  code,
  severity: problemCodes[code].severity,
  message,
  next,
});
