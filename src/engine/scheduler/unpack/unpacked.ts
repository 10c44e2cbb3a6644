import type { Configuration, FencingLevel, Finding, HistoryEntry } from '../../../model/index.ts';
import type { ScheduleInput } from '../input.ts';
import type { Node } from './node.ts';
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
  /** All cluster properties by name, as written. */
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
  /** In the order of the definition; `node.index` is the position. */
  readonly nodes: readonly Node[];
  readonly controller: Node | undefined;
  /** Top-level resources, orphans last, in the order of the definition. */
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
  /** Seconds since 1970: schedule again by then (a failure expires, a rule begins or ends). */
  readonly recheckAt: number | undefined;
  readonly findings: readonly Finding[];
}
