import type { AgentReference, OperationDefinition } from '../../../model/index.ts';
import type { Node } from './node.ts';

/** In rising order: what is promoted is started too. Numbers, because roles are compared. */
export const ROLE = { unknown: 0, stopped: 1, started: 2, unpromoted: 3, promoted: 4 } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];

/** One resource, or one instance of a clone, as defined and as found. One object each, compared by identity. */
export interface Resource {
  /** Position in `Unpacked.all`. */
  readonly index: number;
  /** `drbd:0` for the instances of a clone. */
  readonly id: string;
  /** The name under which the history knows it, where that is another one: `drbd` or `drbd:0` for anonymous instances. */
  readonly historyId: string | undefined;
  /** The keys of its operations by task, as far as they have been asked for; see `actionKey`. */
  readonly keys: Map<string, string>;
  readonly kind: 'primitive' | 'group' | 'clone';
  readonly parent: Resource | undefined;
  /** Members of a group, instances of a clone. */
  readonly children: readonly Resource[];
  /** undefined for groups and clones. */
  readonly agent: AgentReference | undefined;
  /** Of the definition with its template, in the order written; instances share their primitive's. */
  readonly operations: readonly OperationDefinition[];
  /** Meta attributes with defaults, templates and (for members and instances) what is inherited. */
  readonly meta: ReadonlyMap<string, string>;
  /** Instance attributes, with rules evaluated for the node. */
  readonly parameters: (node: Node | undefined) => ReadonlyMap<string, string>;
  readonly utilization: ReadonlyMap<string, number>;

  readonly priority: number;
  readonly stickiness: number;
  /** Failures from which on a node is left; 0 or INFINITY: never. */
  readonly migrationThreshold: number;
  /** Seconds after which failures are forgotten; 0: never. */
  readonly failureTimeout: number;
  readonly multipleActive: 'stop-start' | 'stop-only' | 'block' | 'stop-unexpected';

  readonly isManaged: boolean;
  readonly isInMaintenance: boolean;
  /** Left as it is because something went wrong that only a person can mend. */
  readonly isBlocked: boolean;
  readonly isFailed: boolean;
  readonly isFailureIgnored: boolean;
  /** In the history, not in the definition; instances beyond what the clone allows are orphans too. */
  readonly isOrphan: boolean;
  /** An instance number beyond what the clone allows, kept only because it runs. */
  readonly isOrphanInstance: boolean;
  readonly isFenceDevice: boolean;
  /** Fence device that must run before others may (fence_scsi and the like): requires unfencing. */
  readonly isCritical: boolean;
  readonly mayMigrate: boolean;
  /** Must be stopped although it stays (failed, or on-fail=stop). */
  readonly mustStop: boolean;
  readonly isStopUnexpected: boolean;
  readonly isStartPending: boolean;
  readonly needs: { readonly quorum: boolean; readonly fencing: boolean; readonly unfencing: boolean };
  /** Runs only where location constraints with resource-discovery=exclusive name it. */
  readonly discoversExclusively: boolean;

  /** Now. For groups and clones: the highest of their children. */
  readonly role: Role;
  /** What target-role and failures ask for; `unknown` where nothing does. The assignment may lower or raise it. */
  readonly nextRole: Role;
  readonly nextRoleReason: string | undefined;
  readonly runningOn: readonly Node[];
  /** Where its state has been looked at (or is implied). */
  readonly knownOn: ReadonlySet<Node>;
  /** An operation that is under way. */
  readonly pendingTask: string | undefined;
  readonly pendingNode: Node | undefined;
  readonly danglingMigrations: readonly Node[];
  readonly partialMigrationSource: Node | undefined;
  readonly partialMigrationTarget: Node | undefined;
  /** Shutdown lock: stays bound to this node since then (seconds since 1970). */
  readonly lockNode: Node | undefined;
  readonly lockTime: number;
  /** Scores found while reading the history (-INFINITY where it runs twice, where an orphan may not be, ...). */
  readonly historyScores: ReadonlyMap<Node, number>;

  readonly clone: CloneSettings | undefined;
  readonly group: GroupSettings | undefined;
  /** Of the clone above, or of itself; true for what is no clone. */
  readonly isUnique: boolean;
  readonly wantsNotifications: boolean;
  readonly isPromotable: boolean;
}

export interface CloneSettings {
  readonly max: number;
  readonly nodeMax: number;
  readonly promotedMax: number;
  readonly promotedNodeMax: number;
  readonly isInterleaved: boolean;
  readonly isOrdered: boolean;
  /** Instances that must run before what is ordered after the clone may (clone-min); 0: all. */
  readonly minimum: number;
  /** The child's id without an instance number. */
  readonly childId: string;
}

export interface GroupSettings {
  readonly isOrdered: boolean;
  readonly isColocated: boolean;
}
