import type {
  ActionId,
  Blueprint,
  ClusterConfig,
  ClusterStatus,
  ConfigRestored,
  Failure,
  FailureCode,
  Fencing,
  Milliseconds,
  NodeName,
  OperationId,
  Primitive,
  ResourceId,
  ReplyOf,
  RequestKind,
  Transition,
  Result,
  TaskPhase,
} from '../../model/index.ts';
import type { KnownChange } from '../config/index.ts';
import type { Effect, EngineRequest } from './input.ts';
import type { Envelope, Heard, InFlight, OperationAction, Sync } from './messages.ts';
import type { Terms } from './terms.ts';

/** The configuration as this engine holds it, and how far it is on whose disk. */
export interface ConfigState {
  readonly current: ClusterConfig;
  readonly hash: string;
  readonly blueprint: Blueprint;
  /** The revision that each node has reported to be on its disk, with its hash. */
  readonly persisted: Readonly<Record<NodeName, Stored>>;
  /** What this node's own disk holds for certain. */
  readonly stored: Stored;
  /** `false`: the newest that could be read of a damaged log; changes that were acknowledged may be missing. */
  readonly intact: boolean;
  /** The last changes, as far as this engine knows them, oldest first. */
  readonly changes: readonly KnownChange[];
  /** The first revision of the present generation, as far as this engine knows. */
  readonly begunAt: number;
  /** The last revisions of the line of this configuration, oldest first, with shortened hashes. */
  readonly trail: readonly Stored[];
  /**
   * What replaces the configuration on this node's disk, until it does: whatever is flushed before is no part of it, also
   * where it has the same hash, as where what is replaced went on from there.
   */
  readonly replacing: { readonly replacement: string; readonly hash: string } | undefined;
}

export interface Stored {
  readonly revision: number;
  readonly hash: string;
}

/** The engines of the group, and what they have told since the group last changed. */
export interface ViewState {
  /** Of the engines in it, the same for all of them: tells what was said for another view. */
  readonly name: string;
  /** Corosync's node ids, ascending. */
  readonly members: readonly number[];
  readonly syncs: Readonly<Record<NodeName, Sync>>;
  /** The message that each of these came in. */
  readonly told: Readonly<Record<NodeName, Told>>;
  /** By Corosync's node id: which messages each member takes for what all have told (`toldIn`). */
  readonly agreed: Readonly<Record<number, string>>;
  /** The same of this engine, from when it is sent. */
  readonly agreedTo: string | undefined;
  /** All members have told, and all hold the same configuration. */
  readonly complete: boolean;
  /** What was told after the view and before it was complete: heard when it is. */
  readonly deferred: readonly Deferred[];
  /** Of the last view that was complete here. */
  readonly generation: number;
  /**
   * The number that the view has which this engine agreed to last. Another member may have found that one complete, and
   * have changed something in it, though this engine never heard so: no view without that member may have the same.
   */
  readonly counted: number;
  /** The designated controller; undefined while incomplete. */
  readonly controller: NodeName | undefined;
  readonly sound: Sound;
}

export interface Deferred {
  readonly from: number;
  readonly envelope: Envelope;
}

export interface Told extends Heard {
  /** Corosync's node id of the sender. */
  readonly from: number;
}

/** Who of the members is heard, in heartbeats of the others: counted from the total order, so alike on all. By node id. */
export interface Sound {
  /** Heartbeats heard in this view. */
  readonly beats: Beats;
  /** What `beats` was when each was last heard with anything. */
  readonly heardAt: Readonly<Record<number, Beats>>;
  /** Members whose engine is silent: it hangs. */
  readonly silent: readonly number[];
  /** Members that the others did not wait for any longer when the view was to become complete. */
  readonly leftOut: readonly number[];
  /** How many of its own heartbeats' intervals this engine has waited for the view to become complete. */
  readonly waited: number;
}

export type Beats = Readonly<Record<number, number>>;

export const noSound: Sound = { beats: {}, heardAt: {}, silent: [], leftOut: [], waited: 0 };

/** Where an exchange of state begins. */
export const nothingTold = {
  syncs: {},
  told: {},
  agreed: {},
  agreedTo: undefined,
  complete: false,
  controller: undefined,
} satisfies Partial<ViewState>;

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
        /** What applying it has shown, where that is the answer. */
        readonly answer?: ConfigRestored | ReplyOf<'lun.grow'>;
      }
    | {
        readonly kind: 'fence';
        readonly pool: string;
        readonly target: NodeName;
        readonly since: Milliseconds;
        /** It is this node's promotion that asks, and not a Primary that has lost its peer. */
        readonly promotes: boolean;
      }
    | { readonly kind: 'off'; readonly target: NodeName }
    /** The reports of nodes that were asked to look; then it is done, or refused. */
    | {
        readonly kind: 'look';
        readonly request: EngineRequest;
        readonly open: readonly Instance[];
        /** Those that could not be asked. */
        readonly unseen: readonly Instance[];
      };
}

/** A resource on a node. */
export interface Instance {
  readonly node: NodeName;
  readonly resource: ResourceId;
}

/** What this node's executor is doing. */
export interface ExecutorState {
  /** By the resource that it is on: one at a time. */
  readonly work: ReadonlyMap<ResourceId, Work>;
  /** Orders that wait because their resource is busy with a monitor or an earlier order. */
  readonly queue: readonly OperationAction[];
  /** Resources that are to be looked at again as soon as they are not busy. */
  readonly dirty: ReadonlySet<ResourceId>;
  /** Resources somebody has asked about: what is seen next is reported, new or not. */
  readonly asked: ReadonlySet<ResourceId>;
  readonly watched: ReadonlySet<ResourceId>;
  /** What was active here when monitors and watches last followed it. */
  readonly tended: readonly Primitive[];
  /** Whether a round of monitors is on its way. */
  readonly monitoring: boolean;
  /** How many of the active ones the last rounds have looked at; the next one begins there. */
  readonly lookedAt: number;
  readonly monitorFailures: Readonly<Record<ResourceId, number>>;
}

/** `name`: that of its perform effect, unique, with the resource behind a space. */
export type Work =
  | {
      readonly kind: 'order';
      readonly name: string;
      readonly action: OperationAction;
      readonly resource: ResourceId;
    }
  /** A look after a failed order, to report what is the case now. */
  | {
      readonly kind: 'look-after';
      readonly name: string;
      readonly action: OperationAction;
      readonly resource: ResourceId;
      readonly failure: Failure;
    }
  | { readonly kind: 'monitor'; readonly name: string; readonly resource: ResourceId };

/** Whom this node is to put out. `only`: this level of devices, and no other: it is being tested. */
export type FencingOrder = Pick<FencingWork, 'target' | 'reason' | 'attempt' | 'only'>;

/** A fencing that this node carries out. */
export interface FencingWork {
  readonly target: NodeName;
  readonly reason: string;
  /** `held`: over without proof, and what it has switched off is still off. */
  readonly step: 'checking' | 'delaying' | 'switching' | 'held' | 'restoring';
  /** Of the fencing; while power is given back, of that. */
  readonly attempt: number;
  /** What the devices were asked to end in this step (`lifeOf`). */
  readonly life: string;
  readonly only?: number | undefined;
  /** Index of the level of devices that is being tried. */
  readonly level: number;
  /** The head start was given once; it is not given again at the next level. */
  readonly hasDelayed: boolean;
  /** The devices whose calls are under way, by the call; an answer to another one is late and does not count. */
  readonly calls: Readonly<Record<string, string>>;
  readonly askedAt: Milliseconds;
  /** What the devices of this level have taken, in the steps before. */
  readonly took: Milliseconds;
  /** What the devices have answered in this step. */
  readonly said: Readonly<Record<string, Result<'on' | 'off'>>>;
  /** Devices that were told to switch off, and are to be switched on when the node is off. */
  readonly toRestore: readonly string[];
  /** Nobody is put out: a person has the node switched on. With `ended`, all was done that can be. */
  readonly powerOn?: {
    readonly operation: OperationId;
    readonly ended?: true;
    readonly failure?: Failure | undefined;
  };
  /** The next fencing, which waits for power to be given back after this one. */
  readonly next?: FencingOrder;
  /** Of the levels that were tried before, in this attempt. */
  readonly failures: readonly Failure[];
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
  /** What the last engine of this boot knew of nodes that are off. */
  readonly knownOff: KnownOff;
  /** The kernel boot that each node last spoke from. */
  readonly boots: Readonly<Record<NodeName, string>>;
  /** How often each node's engine has come into the group. */
  readonly comings: Readonly<Record<NodeName, number>>;
  readonly inFlight: Readonly<Record<ActionId, InFlight>>;
  readonly plan: PlanState | undefined;
  readonly executor: ExecutorState;
  readonly fencing: Readonly<Record<NodeName, FencingWork>>;
  /** Calls of fence devices that only look whether they answer, with the node each is for. */
  readonly deviceChecks: Readonly<Record<string, { readonly target: NodeName; readonly device: string }>>;
  /** Fencings that are not in the configuration yet, with the time of this engine at which they were confirmed. */
  readonly unrecorded: readonly { readonly at: Milliseconds; readonly fencing: Omit<Fencing, 'at'> }[];
  /** The dry test that this node carries out, by when it was begun: calls that are open, and what has failed. */
  readonly dryTest:
    | {
        readonly startedAt: Milliseconds;
        readonly calls: Readonly<Record<string, string>>;
        readonly failures: readonly Failure[];
      }
    | undefined;
  /** This node's part of a change of the witness, or of the keys; `over`: told, and not heard yet, or to be tried again later. */
  readonly witnessWork:
    | {
        readonly work: string;
        readonly operation: string;
        readonly phase: TaskPhase;
        readonly state: 'under-way' | 'over';
      }
    | undefined;
  readonly requests: Readonly<Record<number, PendingRequest>>;
  /** Of those of them that came with any. */
  readonly terms: Readonly<Record<number, Terms>>;
  /** Commands that the DC has proposed for itself and not yet seen applied, with the time, so that none is lost or repeated at once. */
  readonly proposed: Readonly<Record<string, Milliseconds>>;
  /** Counts up, for unique names of work and entries. */
  readonly counter: number;
  /** Messages that this engine has multicast. */
  readonly sent: number;
  /** The last message of every node that counted: the same on all members of a complete view. */
  readonly heard: Readonly<Record<NodeName, Heard>>;
  /** Senders whose messages were refused a short while ago, by the key of their notice. */
  readonly refusals: Readonly<Record<string, Refusal>>;
  /** When the last heartbeat was multicast; undefined once it has come back. */
  readonly beatSentAt: Milliseconds | undefined;
  /** What is to be added to this node's clock, which only runs, for the time of day that people read. */
  readonly wallOffset: Milliseconds;
  /** By how much the time of day of each node was ahead of this one's at its last heartbeat. */
  readonly clocksAhead: Readonly<Record<NodeName, Milliseconds>>;
}

/**
 * Nodes that are known to run nothing: fenced with proof, or gone in order. True for as long as Corosync's ring is the
 * one of that number: none of them can have joined meanwhile, and none that boots does anything alone.
 */
export interface KnownOff {
  readonly ring: number;
  readonly nodes: readonly NodeName[];
}

/** What an engine that was synchronised leaves to the next one of its kernel's boot, which may then act alone. */
export interface Legacy {
  /** Of the last view that it took part in: what is decided from here on is newer than all that was decided in that. */
  readonly generation: number;
  readonly knownOff: KnownOff;
}

export interface Refusal {
  readonly code: FailureCode;
  readonly at: Milliseconds;
  readonly loggedAt: Milliseconds;
}

/** One step in the making: `state` is replaced, never changed in place; `effects` grow. */
export interface Draft {
  state: EngineState;
  readonly effects: Effect[];
  /** Records, maps and sets that were made in this step, and may be changed in place until it ends; see `own`. */
  readonly owned: WeakSet<object>;
  readonly now: Milliseconds;
  readonly digest: (text: string) => string;
}
