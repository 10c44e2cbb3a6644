import type { Configuration, FencingLevel, Finding, HistoryEntry } from '../../../model/index.ts';
import type { ScheduleInput } from '../input.ts';
import type { Evaluation } from '../rules/evaluation.ts';
import type { Node } from './node.ts';
import type { PairContext } from './pairs.ts';
import type { DigestsMade } from './digests.ts';
import type { RequestedAction } from './requested.ts';
import type { Resource } from './resource.ts';

/** Cluster properties, with defaults. Durations in milliseconds unless told otherwise. */
export interface Settings {
  readonly isQuorate: boolean;
  readonly noQuorumPolicy: 'stop' | 'freeze' | 'ignore' | 'demote' | 'suicide';
  readonly isSymmetric: boolean;
  readonly isInMaintenance: boolean;
  readonly stonithEnabled: boolean;
  /** A fence device is defined. */
  readonly hasFenceDevice: boolean;
  readonly stonithAction: 'reboot' | 'off' | 'poweroff';
  readonly stonithTimeout: number;
  readonly mayFenceConcurrently: boolean;
  readonly unfencingEnabled: boolean;
  readonly fencesAtStartup: boolean;
  readonly priorityFencingDelay: number;
  readonly stopsOrphanResources: boolean;
  readonly stopsOrphanActions: boolean;
  readonly stopsAll: boolean;
  readonly isStartFailureFatal: boolean;
  readonly probes: boolean;
  readonly shutdownLock: boolean;
  readonly shutdownLockLimit: number;
  readonly placementStrategy: 'default' | 'utilization' | 'minimal' | 'balanced';
  /** All cluster properties by name, with defaults for those the scheduler knows. */
  readonly properties: ReadonlyMap<string, string>;
}

/** An operation whose recorded parameters must be compared with the definition's. */
export interface ParameterCheck {
  readonly resource: Resource;
  readonly node: Node;
  readonly entry: HistoryEntry;
  readonly kind: 'last-failure' | 'active';
}

/** A fail count that is to be forgotten. */
export interface FailureClearing {
  readonly resource: Resource;
  readonly node: Node;
  readonly reason: string;
}

/** A failure that the history tells of and that still counts. */
export interface FailedOperation {
  readonly resource: Resource;
  readonly node: Node;
  readonly entry: HistoryEntry;
}

/** A resource's recorded operations on a node, in the order in which they were carried out (by call-id). */
export interface SortedHistory {
  readonly resource: Resource;
  readonly node: Node;
  /** The id in the history. */
  readonly id: string;
  readonly entries: readonly HistoryEntry[];
}

/** The first phase: definition and history in the shape in which the others look things up. */
export interface Unpacked {
  readonly input: ScheduleInput;
  readonly configuration: Configuration;
  readonly settings: Settings;
  /** Sorted by name (`compareNames`); `node.index` is the position. */
  readonly nodes: readonly Node[];
  readonly controller: Node | undefined;
  /** Top-level resources, the highest priority first, then in the order of the definition; orphans last. */
  readonly resources: readonly Resource[];
  /** Every resource, member and instance; `resource.index` is the position. */
  readonly all: readonly Resource[];
  readonly histories: readonly SortedHistory[];
  /** Ids that constraints may use for several things: tags, and templates with what is made of them. */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  readonly tickets: ReadonlyMap<string, { readonly isGranted: boolean; readonly isStandby: boolean }>;
  readonly fencingLevels: readonly FencingLevel[];
  readonly parameterChecks: readonly ParameterCheck[];
  readonly failureClearings: readonly FailureClearing[];
  /** Of nodes that are online, each operation once, in the order in which they were found. */
  readonly failedOperations: readonly FailedOperation[];
  /** Nodes with `uncleanReasons`, in the order in which it was found that they must be fenced. */
  readonly condemned: readonly Node[];
  readonly requested: readonly RequestedAction[];
  /** Grows in the phases that compare. */
  readonly digests: DigestsMade;
  /** Seconds since 1970: schedule again by then (a failure expires, a rule begins or ends). */
  readonly recheckAt: number | undefined;
  /** For rules that later phases evaluate; it gathers their next change too. */
  readonly evaluation: Evaluation;
  /** For sets of pairs that later phases read (of operations, for instance). */
  readonly pairs: PairContext;
  readonly findings: readonly Finding[];
}
