import type { Resource } from './resource.ts';

/** A cluster member as the scheduler sees it. One object per node, compared by identity. */
export interface Node {
  /** Position in `Unpacked.nodes`. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  /** `ping` nodes run nothing. */
  readonly type: 'member' | 'ping' | 'remote';
  readonly isOnline: boolean;
  readonly isStandby: boolean;
  /** Standby because an operation failed with on-fail=standby. */
  readonly isStandbyOnFail: boolean;
  /** In the membership, but its executor does not answer yet. */
  readonly isPending: boolean;
  /** Must be fenced before anything of it may be started elsewhere. */
  readonly isUnclean: boolean;
  /** Nothing was ever heard of it. */
  readonly isUnseen: boolean;
  /** Wants to leave in order. */
  readonly isShuttingDown: boolean;
  readonly isExpectedUp: boolean;
  readonly isController: boolean;
  readonly isInMaintenance: boolean;
  /** Probes are wanted there. */
  readonly mayDiscover: boolean;
  /** Its status was read. */
  readonly isUnpacked: boolean;
  /** Node attributes by name, permanent and transient ones; holds `#uname`, `#id`, `#kind`, `#cluster-name` too. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Capacity by name. */
  readonly utilization: ReadonlyMap<string, number>;
  /** What runs there now, primitives only, in the order of discovery. */
  readonly running: readonly Resource[];
  /** Of the definition: what every resource starts with there. */
  readonly score: number;
  /** Sum of the priorities of what runs there, for priority-fencing-delay. */
  readonly priority: number;
  /** Why it must be fenced, in words of `fence` reasons; one per cause. */
  readonly uncleanReasons: readonly string[];
}
