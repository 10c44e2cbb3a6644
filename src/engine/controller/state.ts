import type {
  ActionId,
  Blueprint,
  ClusterConfig,
  ClusterStatus,
  Failure,
  Milliseconds,
  NodeName,
  Parameters,
  ResourceId,
  RequestKind,
  Transition,
} from '../../model/index.ts';
import type { Effect } from './input.ts';
import type { InFlight, Message, OperationAction, Sync } from './messages.ts';

/** The configuration as this engine holds it, and how far it is on whose disk. */
export interface ConfigState {
  readonly current: ClusterConfig;
  readonly hash: string;
  readonly blueprint: Blueprint;
  /** The revision that each node has reported to be on its disk, with its hash. */
  readonly persisted: Readonly<Record<NodeName, Stored>>;
  /** What this node's own disk holds for certain. */
  readonly stored: Stored;
  /** The hash of a configuration that replaces the one on this node's disk, until it does: what is flushed before is no part of it. */
  readonly replacing: string | undefined;
}

export interface Stored {
  readonly revision: number;
  readonly hash: string;
}

/** The engines of the group, and what they have told since the group last changed. */
export interface ViewState {
  /** Corosync's node ids, ascending. */
  readonly members: readonly number[];
  readonly syncs: Readonly<Record<NodeName, Sync>>;
  /** All members have told, and all hold the same configuration. */
  readonly complete: boolean;
  /** What was told after the view and before it was complete: heard when it is. */
  readonly deferred: readonly Deferred[];
  readonly generation: number;
  /** The designated controller; undefined while incomplete. */
  readonly controller: NodeName | undefined;
}

export interface Deferred {
  readonly from: number;
  readonly message: Message;
}

export interface RingState {
  readonly sequence: number;
  readonly nodes: readonly number[];
  /** undefined between a ring change and the quorum event of the same ring. */
  readonly quorate: boolean | undefined;
}

/** The transition that the DC is carrying out. */
export interface PlanState {
  readonly transition: Transition;
  /** What it was planned for; where neither has changed since, planning again would give the same. */
  readonly plannedFor: { readonly status: ClusterStatus; readonly config: ClusterConfig };
  readonly done: ReadonlySet<ActionId>;
  readonly ordered: ReadonlySet<ActionId>;
  /** Why nothing more of it is begun: the world is not as it was planned for. */
  readonly aborted: string | undefined;
}

export interface PendingRequest {
  readonly kind: RequestKind;
  readonly waitsFor:
    | {
        readonly kind: 'entry';
        readonly entry: string;
        readonly revision: number | undefined;
        readonly subject: string;
      }
    | { readonly kind: 'fence'; readonly pool: string; readonly target: NodeName };
}

/** What this node's executor is doing. Keys of `work` are those of the perform effects. */
export interface ExecutorState {
  readonly work: Readonly<Record<string, Work>>;
  /** Orders that wait because their resource is busy with a monitor or an earlier order. */
  readonly queue: readonly OperationAction[];
  /** Resources that are to be looked at again as soon as they are not busy. */
  readonly dirty: ReadonlySet<ResourceId>;
  readonly watched: ReadonlySet<ResourceId>;
  readonly scheduledMonitors: ReadonlySet<ResourceId>;
  readonly monitorFailures: Readonly<Record<ResourceId, number>>;
}

export type Work =
  | { readonly kind: 'order'; readonly action: OperationAction; readonly resource: ResourceId }
  /** A look after a failed order, to report what is the case now. */
  | {
      readonly kind: 'look-after';
      readonly action: OperationAction;
      readonly resource: ResourceId;
      readonly failure: Failure;
    }
  | { readonly kind: 'monitor'; readonly resource: ResourceId };

/** A fencing that this node carries out. */
export interface FencingWork {
  readonly target: NodeName;
  readonly reason: string;
  readonly step: 'checking' | 'delaying' | 'switching' | 'restoring';
  readonly attempt: number;
  /** The boot that is to be ended. */
  readonly boot: string | undefined;
  /** The call of the device that is under way; an answer to another one is late and does not count. */
  readonly call: string | undefined;
}

export interface EngineState {
  readonly self: NodeName;
  readonly incarnation: string;
  readonly boot: string;
  readonly transportUp: boolean;
  readonly config: ConfigState;
  readonly view: ViewState;
  readonly ring: RingState;
  readonly status: ClusterStatus;
  readonly wasSynchronised: boolean;
  /**
   * An engine of this boot was synchronised, and what it then knew is on this node's disk. Otherwise the other node may
   * know a newer configuration and hold newer data, and an engine that starts does nothing without it, as Corosync's
   * wait_for_all asks of a start. The daemon keeps it for the next engine of this boot.
   */
  readonly mayActAlone: boolean;
  /** The kernel boot that each node last spoke from. */
  readonly boots: Readonly<Record<NodeName, string>>;
  readonly inFlight: Readonly<Record<ActionId, InFlight>>;
  readonly plan: PlanState | undefined;
  readonly executor: ExecutorState;
  readonly fencing: Readonly<Record<NodeName, FencingWork>>;
  /** Calls of fence devices that only look whether they answer, with the node each is for. */
  readonly deviceChecks: Readonly<Record<string, NodeName>>;
  readonly requests: Readonly<Record<number, PendingRequest>>;
  /** Commands that the DC has proposed for itself and not yet seen applied, with the time, so that none is lost or repeated at once. */
  readonly proposed: Readonly<Record<string, Milliseconds>>;
  /** Counts up, for unique names of work and entries. */
  readonly counter: number;
}

/** One step in the making: `state` is replaced, never changed in place; `effects` grow. */
export interface Draft {
  state: EngineState;
  readonly effects: Effect[];
  readonly now: Milliseconds;
  readonly digest: (text: string) => string;
}

export const parametersOfFenceDevice = (device: {
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}): Parameters => ({
  address: device.address,
  port: device.port,
  username: device.username,
  password: device.password,
});
