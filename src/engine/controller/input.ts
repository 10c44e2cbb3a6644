import type {
  AgentName,
  ConfigLoss,
  EventRecord,
  FenceAgentName,
  Failure,
  Milliseconds,
  Observation,
  OperationName,
  Parameters,
  RequestKind,
  RequestTerms,
  Result,
  NodeTask,
} from '../../model/index.ts';

/**
 * What the engine hears. Every input comes with the time, given by the caller: milliseconds of a clock that only runs
 * and never jumps, from any beginning.
 */
export type Input =
  | { readonly kind: 'transport'; readonly event: TransportInput }
  | { readonly kind: 'request'; readonly id: number; readonly request: EngineRequest }
  /** A request's caller has gone. */
  | { readonly kind: 'request-gone'; readonly id: number }
  | { readonly kind: 'performed'; readonly work: string; readonly result: Result<Observation> }
  | { readonly kind: 'fenced'; readonly work: string; readonly result: Result<'on' | 'off'> }
  | { readonly kind: 'witness-done'; readonly work: string; readonly result: Result<void> }
  | {
      readonly kind: 'stored';
      readonly revision: number;
      readonly hash: string;
      /** That of the `replace` that is done; undefined: of something that was appended. */
      readonly replacement?: string | undefined;
      readonly failure: Failure | undefined;
    }
  | { readonly kind: 'timer'; readonly name: string }
  /** Something on this node that a person should know of, until `failure` is undefined again. */
  | { readonly kind: 'notice'; readonly key: string; readonly failure: Failure | undefined }
  /** `offset`: what added to `now` gives the time of day (Unix epoch) by this node's clock. */
  | { readonly kind: 'clock'; readonly offset: Milliseconds }
  /** The kernel says that a monitor of this resource would now see something else. */
  | { readonly kind: 'hint'; readonly resource: string };

/** The engine's view of `ports/transport`: the same shapes, since the engine may not import the ports. */
export type TransportInput =
  | { readonly kind: 'up'; readonly self: number }
  | { readonly kind: 'down'; readonly reason: string }
  | {
      readonly kind: 'view';
      readonly members: readonly { readonly node: number; readonly process: number }[];
      readonly left: readonly { readonly node: number; readonly reason: 'leave' | 'nodedown' | 'procdown' }[];
    }
  | { readonly kind: 'ring'; readonly ring: { readonly sequence: number }; readonly nodes: readonly number[] }
  | {
      readonly kind: 'quorum';
      readonly ring: { readonly sequence: number };
      readonly quorate: boolean;
      readonly nodes: readonly number[];
    }
  | { readonly kind: 'message'; readonly node: number; readonly payload: string };

/** `entropy`: 16 fresh random bytes as lower-case hex; the engine has no randomness of its own. */
export interface EngineRequest {
  readonly kind: Exclude<
    RequestKind,
    | 'cluster.init'
    | 'cluster.join'
    | 'cluster.admit'
    | 'cluster.join-secret'
    | 'cluster.join-code'
    | 'setup.look'
    | 'setup.join'
    | 'setup.invited'
    | 'fence.discover'
    | 'config'
    | 'config.history'
    | 'config.diff'
    | 'config.lost'
    | 'config.lost.clear'
    | 'config.save'
    | 'config.load'
    | 'doctor'
    | 'doctor.examine'
  >;
  readonly body: object;
  readonly entropy: string;
  readonly terms?: RequestTerms | undefined;
}

/** What the engine wants done; the daemon does it and answers with an input. */
export type Effect =
  | { readonly kind: 'multicast'; readonly payload: string }
  | {
      readonly kind: 'perform';
      readonly work: string;
      readonly agent: AgentName;
      readonly operation: OperationName;
      readonly parameters: Parameters;
      readonly timeout: Milliseconds;
    }
  | {
      readonly kind: 'fence';
      readonly work: string;
      readonly agent: FenceAgentName;
      readonly verb: 'off' | 'on' | 'status';
      readonly parameters: Parameters;
      readonly timeout: Milliseconds;
    }
  /** This node's part of a change of the witness; comes back with `witness-done`. */
  | { readonly kind: 'witness'; readonly work: string; readonly task: NodeTask }
  | { readonly kind: 'append'; readonly revision: number; readonly hash: string; readonly entry: object }
  | {
      readonly kind: 'replace';
      /** Comes back with `stored`. */
      readonly replacement: string;
      readonly revision: number;
      readonly hash: string;
      readonly config: string;
      /** Later revisions of before are undone. */
      readonly undoneAfter?: number;
    }
  /** Comes before the replace that loses it; kept on this node's disk for people. */
  | { readonly kind: 'lost'; readonly loss: Omit<ConfigLoss, 'at'> }
  | { readonly kind: 'reply'; readonly id: number; readonly result: Result<unknown> }
  /** A timer of the same name is replaced; `undefined` cancels it. */
  | { readonly kind: 'timer'; readonly name: string; readonly delay: Milliseconds | undefined }
  | {
      readonly kind: 'watch';
      readonly resource: string;
      readonly agent: AgentName;
      readonly parameters: Parameters;
    }
  | { readonly kind: 'unwatch'; readonly resource: string }
  | { readonly kind: 'event'; readonly event: Omit<EventRecord, 'sequence' | 'at'> }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string };
