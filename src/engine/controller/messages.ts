import type {
  Action,
  ActionId,
  ClusterConfig,
  Failure,
  LogEntry,
  Milliseconds,
  NodeName,
  NodeStatus,
  Observation,
  ResourceId,
  WitnessProgress,
} from '../../model/index.ts';
import type { KnownOff, Stored } from './state.ts';

/**
 * Raised whenever messages or commands change their shape or meaning; engines that differ do not talk. Every kind and
 * field has its check in `wire`.
 */
export const PROTOCOL = 9;

/** The last message of an engine that counted. */
export interface Heard {
  /** A new one at every start of the engine. */
  readonly incarnation: string;
  /** Counts up with every message of the incarnation, from 1. */
  readonly count: number;
}

/** Around every message: who says it, in which life, in which order. */
export interface Envelope extends Heard {
  readonly cluster: string;
  readonly node: NodeName;
  readonly message: Message;
}

/** An operation that a node's executor has begun and not yet answered. */
export interface InFlight {
  readonly action: ActionId;
  readonly node: NodeName;
  readonly resource: ResourceId;
  /** Of the operation itself, in milliseconds. */
  readonly timeout: Milliseconds;
  /** Only the DC that has ordered it knows yet. */
  readonly unheard?: true;
}

/** What an engine tells the others when the group of engines has changed. */
export interface Sync {
  readonly kind: 'sync';
  /** The view that it was told for. */
  readonly view: string;
  readonly node: NodeName;
  /** By its sender's clock, which counts from nowhere in particular: the times in `nodes` are by it. */
  readonly now: Milliseconds;
  /** The kernel's boot id: another one means that nothing of before runs there any more. */
  readonly boot: string;
  /** Whether this engine was synchronised before; the knowledge of such a one counts for nodes that are absent. */
  readonly synchronised: boolean;
  /** An engine of this boot was: with it the view need not wait for the nodes that are not there. */
  readonly mayActAlone: boolean;
  /** What the last engine of this boot knew of nodes that are off. */
  readonly knownOff: KnownOff;
  readonly generation: number;
  /** Of its configuration: the generation of its last change, its revision, and its hash. */
  readonly changedIn: number;
  readonly revision: number;
  readonly hash: string;
  /** Its configuration is all that its disk ever held; `false`: the newest that could be read of a damaged log. */
  readonly intact: boolean;
  /** All it knows of every node; for itself it is the authority. */
  readonly nodes: Readonly<Record<NodeName, NodeStatus>>;
  /** What its executor has begun; what only waited there was dropped with the view it was ordered in (S8). */
  readonly inFlight: readonly InFlight[];
  /** The nodes that it is fencing just now. */
  readonly fencing: readonly NodeName[];
  /** The kernel boot that each node last spoke from. */
  readonly boots: Readonly<Record<NodeName, string>>;
  /** How often it has seen each node's engine come into the group. */
  readonly comings: Readonly<Record<NodeName, number>>;
  /** The last message of every node that it heard in a complete view. */
  readonly heard: Readonly<Record<NodeName, Heard>>;
}

export type FenceOutcome =
  /** By these devices, all of one level; none of them: a person has seen it. */
  | {
      readonly confirmed: true;
      readonly devices: readonly string[];
      /** What the devices themselves took, without waiting for a turn. */
      readonly took: Milliseconds;
    }
  | { readonly confirmed: false; readonly failure: Failure };

export type Message =
  | Sync
  /** Its engine has heard, of all members, the state in these messages (`toldIn`): when all say so, it is what counts. */
  | { readonly kind: 'agree'; readonly told: string }
  /** The view is not complete although it should be: everybody tells again what it knows. */
  | { readonly kind: 'resync' }
  /** Its engine lives. `wall`: the time by its node's clock, for people. */
  | { readonly kind: 'heartbeat'; readonly wall: Milliseconds }
  /** The winner's configuration, for members whose own differs. */
  | {
      readonly kind: 'config';
      readonly hash: string;
      readonly config: ClusterConfig;
      /** The revisions that led to it, oldest first, so that others can tell which of theirs are undone. */
      readonly trail: readonly Stored[];
    }
  /** Proposed with quorum; void in another generation than the entry's, which may have none. */
  | { readonly kind: 'propose'; readonly entry: LogEntry }
  /** Only within the generation in which it was told: the configurations of others may have been replaced. */
  | {
      readonly kind: 'persisted';
      readonly generation: number;
      readonly node: NodeName;
      readonly revision: number;
      readonly hash: string;
    }
  /** From the DC; executors refuse another generation than the present one (S8). */
  | { readonly kind: 'order'; readonly generation: number; readonly action: OperationAction }
  | { readonly kind: 'outcome'; readonly action: OperationAction; readonly outcome: OperationOutcome }
  /** What a recurring monitor or the kernel told. */
  | {
      readonly kind: 'report';
      readonly node: NodeName;
      readonly resource: ResourceId;
      readonly observation: Observation;
    }
  /** The node is asked to look at a resource now, and to report what it sees whether that is new or not. */
  | { readonly kind: 'look'; readonly node: NodeName; readonly resource: ResourceId }
  | {
      readonly kind: 'notice';
      readonly node: NodeName;
      readonly key: string;
      readonly failure: Failure | undefined;
    }
  /** How far its node is with a change of the witness. */
  | ({ readonly kind: 'witness'; readonly node: NodeName } & WitnessProgress)
  /** It leaves in order, or (`false`) stays after all. */
  | { readonly kind: 'leaving'; readonly node: NodeName; readonly leaving: boolean }
  | {
      readonly kind: 'cleanup';
      readonly node: NodeName | undefined;
      readonly resource: ResourceId | undefined;
    }
  /** The fence device of a node was asked, and answered otherwise than before. */
  | {
      readonly kind: 'fence-device';
      readonly target: NodeName;
      readonly device: string;
      readonly by: NodeName;
      readonly failure: Failure | undefined;
    }
  | {
      readonly kind: 'fence-wanted';
      readonly target: NodeName;
      readonly reason: string;
      /** Where it is the DC's judgement of a member: void in any other, since it may have stood still itself. */
      readonly generation?: number;
    }
  /** What it was wanted for has passed by itself. */
  | { readonly kind: 'fence-withdrawn'; readonly target: NodeName; readonly reason: string }
  | {
      readonly kind: 'fence-order';
      readonly generation: number;
      readonly target: NodeName;
      readonly by: NodeName;
      readonly reason: string;
      /** The only level of devices that is to be used: it is being tested. */
      readonly level: number | undefined;
    }
  | {
      readonly kind: 'fence-outcome';
      readonly target: NodeName;
      readonly by: NodeName;
      readonly outcome: FenceOutcome;
      /** Which life of it was ended (`lifeOf`); a later one is another matter. */
      readonly life: string;
    };

export type OperationAction = Extract<Action, { kind: 'operation' }>;

/** `observation` is what was seen afterwards, also after a failure; undefined where that could not be told. */
export interface OperationOutcome {
  readonly observation: Observation | undefined;
  readonly failure: Failure | undefined;
}
