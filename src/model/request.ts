import type { ClusterDocument } from './cluster/history.ts';
import type { EventRecord } from './events.ts';
import type { HostName, LunName, NodeName, OperationId, PoolName } from './intent.ts';
import type { ClusterFile } from './cluster-file.ts';
import type { Result } from './result.ts';
import type { Bytes } from './units.ts';
import type { LunView, NodeView, OperationView, StatusView } from './views.ts';

/** What the API process (and the DRBD handler) may ask of the engine through its socket, and what comes back. */
export interface EngineRequests {
  readonly status: { readonly request: object; readonly reply: StatusView };
  readonly nodes: { readonly request: object; readonly reply: readonly NodeView[] };
  /** Definition and status in Pacemaker's model, as the scheduler is given them; without parameters. */
  readonly document: { readonly request: object; readonly reply: ClusterDocument };
  readonly luns: { readonly request: object; readonly reply: readonly LunView[] };
  readonly lun: { readonly request: { readonly name: LunName }; readonly reply: LunView };
  readonly operation: { readonly request: { readonly id: OperationId }; readonly reply: OperationView };
  /** Idempotent by name: the same parameters give the same LUN, others `name_taken`. */
  readonly 'lun.create': {
    readonly request: {
      readonly name: LunName;
      readonly size: Bytes;
      /** Where there is only one pool, it may be left out; likewise the target and (all) hosts. */
      readonly pool?: PoolName | undefined;
      readonly hosts?: readonly HostName[] | undefined;
    };
    readonly reply: { readonly lun: LunView; readonly operation: OperationView };
  };
  /** Deleting what is not there succeeds, with `operation: undefined`. */
  readonly 'lun.delete': {
    readonly request: { readonly name: LunName };
    readonly reply: { readonly operation: OperationView | undefined };
  };
  /** Forget the failures of a resource (or of all) on a node (or on all) and look again. */
  readonly cleanup: {
    readonly request: { readonly resource?: string | undefined; readonly node?: NodeName | undefined };
    readonly reply: { readonly cleared: number };
  };
  readonly 'cluster.init': {
    readonly request: { readonly file: ClusterFile; readonly node: NodeName };
    readonly reply: { readonly joinSecret: string };
  };
  /** Asks the node at `address` to admit this one. */
  readonly 'cluster.join': {
    readonly request: { readonly address: string; readonly secret: string; readonly node: NodeName };
    readonly reply: { readonly clusterName: string };
  };
  /** The other side of a join, asked over the network: proves itself by the secret, gets all that a node needs. */
  readonly 'cluster.admit': {
    readonly request: { readonly secret: string; readonly node: NodeName };
    readonly reply: { readonly bundle: string };
  };
  readonly 'cluster.join-secret': {
    readonly request: object;
    readonly reply: { readonly joinSecret: string };
  };
  /** DRBD's kernel asks to fence the peer of a pool; answered when fencing is confirmed, or with a failure. */
  readonly 'fence-peer': {
    readonly request: { readonly pool: PoolName };
    readonly reply: { readonly exitCode: 4 | 7 };
  };
}

export type RequestKind = keyof EngineRequests;
export type RequestOf<Kind extends RequestKind> = EngineRequests[Kind]['request'];
export type ReplyOf<Kind extends RequestKind> = EngineRequests[Kind]['reply'];

/** One line of JSON each on the engine's socket. `subscribe` turns the connection into a stream of events. */
export type SocketRequest =
  | { readonly id: number; readonly kind: RequestKind; readonly request: object }
  | { readonly id: number; readonly kind: 'subscribe'; readonly after: number | undefined };

export type SocketReply =
  | { readonly id: number; readonly result: Result<unknown> }
  | { readonly id: number; readonly event: EventRecord };
