import type { AgentReference, Configuration, PairSet } from './definition.ts';

/** One operation as it was last carried out, or is being carried out, on a node. Text as recorded. */
export interface HistoryEntry {
  readonly id: string;
  /** start, stop, monitor, promote, demote, notify, migrate_to, migrate_from, ... */
  readonly operation: string;
  /** All fields of the record but the two above, with the recorder's names: interval, call-id, rc-code, op-status,
   * last-rc-change, op-digest, transition-key, exit-reason, on_node, migrate_target, ... */
  readonly fields: Readonly<Record<string, string>>;
}

/** What a node has done with one resource. */
export interface ResourceHistory {
  readonly id: string;
  readonly agent?: AgentReference;
  /** Other fields of the record (container, shutdown-lock, ...). */
  readonly fields: Readonly<Record<string, string>>;
  readonly operations: readonly HistoryEntry[];
}

/** What is known of one node. `fields`: in_ccm, crmd, join, expected, crm-debug-origin, maintenance ... as recorded. */
export interface NodeHistory {
  readonly id: string;
  readonly uname?: string;
  /** A remote node's record. */
  readonly isRemote: boolean;
  readonly fields: Readonly<Record<string, string>>;
  /** Attributes that live until the node restarts: fail counts, promotion scores, shutdown requests. */
  readonly transientId?: string;
  readonly transient: readonly PairSet[];
  /** `undefined`: the record has no part for resources at all. */
  readonly resources: readonly ResourceHistory[] | undefined;
}

export interface TicketHistory {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Configuration and status of a cluster at one moment: what the scheduler decides on. */
export interface ClusterDocument {
  /** have-quorum, dc-uuid, epoch, admin_epoch, num_updates, validate-with, crm_feature_set, execution-date, ... */
  readonly fields: Readonly<Record<string, string>>;
  readonly configuration: Configuration;
  readonly nodes: readonly NodeHistory[];
  readonly tickets: readonly TicketHistory[];
}
