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
} from '../../model/index.ts';

/** Raised whenever the messages change their meaning; engines that differ do not talk. */
export const PROTOCOL = 1;

/** An operation that a node's executor has begun and not yet answered. */
export interface InFlight {
  readonly action: ActionId;
  readonly node: NodeName;
  readonly resource: ResourceId;
  /** Of the operation itself, in milliseconds. */
  readonly timeout: Milliseconds;
}

/** What an engine tells the others when the group of engines has changed. */
export interface Sync {
  readonly kind: 'sync';
  readonly protocol: number;
  readonly clusterId: string;
  readonly node: NodeName;
  /** A new one at every start of the engine. */
  readonly incarnation: string;
  /** The kernel's boot id: another one means that nothing of before runs there any more. */
  readonly boot: string;
  /** Whether this engine was synchronised before; the knowledge of such a one counts for nodes that are absent. */
  readonly synchronised: boolean;
  readonly generation: number;
  /** Of its configuration: the generation of its last change, its revision, and its hash. */
  readonly changedIn: number;
  readonly revision: number;
  readonly hash: string;
  /** All it knows of every node; for itself it is the authority. */
  readonly nodes: Readonly<Record<NodeName, NodeStatus>>;
  /** What its executor has begun; what only waited there was dropped with the view it was ordered in (S8). */
  readonly inFlight: readonly InFlight[];
  /** The nodes that it is fencing just now. */
  readonly fencing: readonly NodeName[];
  /** The kernel boot that each node last spoke from. */
  readonly boots: Readonly<Record<NodeName, string>>;
}

export type FenceOutcome =
  { readonly confirmed: true } | { readonly confirmed: false; readonly failure: Failure };

export type Message =
  | Sync
  /** The winner's configuration, for members whose own differs. */
  | { readonly kind: 'config'; readonly hash: string; readonly config: ClusterConfig }
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
  | {
      readonly kind: 'notice';
      readonly node: NodeName;
      readonly key: string;
      readonly failure: Failure | undefined;
    }
  | {
      readonly kind: 'cleanup';
      readonly node: NodeName | undefined;
      readonly resource: ResourceId | undefined;
    }
  /** The fence device of a node was asked, and answered otherwise than before. */
  | {
      readonly kind: 'fence-device';
      readonly target: NodeName;
      readonly by: NodeName;
      readonly failure: Failure | undefined;
    }
  | { readonly kind: 'fence-wanted'; readonly target: NodeName; readonly reason: string }
  /** What it was wanted for has passed by itself. */
  | { readonly kind: 'fence-withdrawn'; readonly target: NodeName; readonly reason: string }
  | {
      readonly kind: 'fence-order';
      readonly generation: number;
      readonly target: NodeName;
      readonly by: NodeName;
      readonly reason: string;
      /** The boot that is to be ended; a later one is another matter. */
      readonly boot: string | undefined;
    }
  | {
      readonly kind: 'fence-outcome';
      readonly target: NodeName;
      readonly by: NodeName;
      readonly outcome: FenceOutcome;
      readonly boot: string | undefined;
    };

export type OperationAction = Extract<Action, { kind: 'operation' }>;

/** `observation` is what was seen afterwards, also after a failure; undefined where that could not be told. */
export interface OperationOutcome {
  readonly observation: Observation | undefined;
  readonly failure: Failure | undefined;
}
