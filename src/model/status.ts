import type { Failure } from './failure.ts';
import type { NodeName } from './intent.ts';
import type { OperationName, ResourceId } from './resources.ts';
import type { SessionSeen } from './session.ts';
import type { Milliseconds } from './units.ts';
import type { WitnessProgress } from './witness-change.ts';

/**
 * What an agent saw. `failed` means neither running nor cleanly stopped.
 * What could not be looked at is no observation but a failure of the monitor.
 */
export type ObservedState = 'stopped' | 'running' | 'promoted' | 'failed';

export interface Observation {
  readonly state: ObservedState;
  /** How fit this instance is to be promoted; undefined: it must not be. DRBD: 10000 UpToDate, 5 Consistent.
   * Below 1000 it counts only where no other node is there that may have newer data. */
  readonly promotionScore?: number;
  /** Facts for people and for S4, in the subsystem's own words: `{ disk: 'UpToDate', connection: 'Connected', ... }`. */
  readonly facts?: Readonly<Record<string, string | number>>;
  /** Of a target: who is connected; absent: nobody. */
  readonly sessions?: readonly SessionSeen[];
  /** With `failed`: what is wrong. */
  readonly problem?: Failure;
  /** It runs, and not as its parameters say: what a reload puts right without disturbing anybody. */
  readonly drift?: Failure;
}

export interface ResourceFailures {
  readonly count: number;
  readonly lastAt: Milliseconds;
  readonly operation: OperationName;
  readonly failure: Failure;
  /** With a monitor that found it broken: what it was before. */
  readonly before?: 'running' | 'promoted';
}

/** What the cluster knows of one resource on one node. */
export interface InstanceStatus {
  /** `unknown`: not looked at yet, or the last look told nothing. */
  readonly observation: Observation | 'unknown';
  readonly failures: ResourceFailures | undefined;
  /**
   * The parameters that it was last started, reloaded or found with, shortened; absent where it does not run, or was
   * never seen as its parameters say. Where those are others now, it is reloaded; where it differs from them although
   * they are the same, somebody has changed it.
   */
  readonly applied?: string | undefined;
}

/**
 * online: its engine is a member and synchronised. joining: a member that has not told its state yet.
 * engine-gone: its Corosync lives, its engine does not (until a limit). lost: gone without a word, must be fenced unless it
 * comes back and tells its state.
 * offline: known to run nothing (fenced with confirmation, or left in order).
 */
export type NodeState = 'online' | 'joining' | 'engine-gone' | 'lost' | 'offline';

export interface FencingStatus {
  readonly state: 'waiting' | 'running' | 'failing' | 'confirmed';
  readonly reason: string;
  readonly since: Milliseconds;
  readonly attempts: number;
  readonly by: NodeName | undefined;
  readonly failure: Failure | undefined;
}

export interface FenceDeviceStatus {
  readonly by: NodeName;
  readonly since: Milliseconds;
  /** Why a fencing would fail now; undefined: the device answers and accepts the credentials. */
  readonly failure: Failure | undefined;
}

/** What a node says of itself that a person should know; it decides nothing. */
export interface Notice {
  readonly since: Milliseconds;
  readonly failure: Failure;
}

export interface NodeStatus {
  readonly state: NodeState;
  readonly since: Milliseconds;
  /** Asked to be fenced although it may be online: a stop that failed, a replication link that is gone. */
  readonly fenceWanted: string | undefined;
  readonly fencing: FencingStatus | undefined;
  /** What the other node found when it last asked each of this node's fence devices; before the first time, nothing. */
  readonly devices?: Readonly<Record<string, FenceDeviceStatus>> | undefined;
  /** By a key of the part that noticed it, such as `corosync-link-1`. */
  readonly notices?: Readonly<Record<string, Notice>> | undefined;
  /** Since when it is leaving in order: nothing is put there any more, what runs there goes. Ends with its engine's next start. */
  readonly leaving?: Milliseconds | undefined;
  /** How far it is with a witness that comes or goes, or was with the last one. */
  readonly witness?: WitnessProgress | undefined;
  readonly instances: Readonly<Record<ResourceId, InstanceStatus>>;
}

export interface ClusterStatus {
  readonly quorate: boolean;
  readonly nodes: Readonly<Record<NodeName, NodeStatus>>;
}
