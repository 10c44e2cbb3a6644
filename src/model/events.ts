import type { NodeName } from './intent.ts';
import type { Milliseconds } from './units.ts';

export type EventKind =
  | 'cluster.initialised'
  | 'cluster.quorum'
  | 'node.joined'
  | 'node.lost'
  | 'node.leaving'
  | 'node.left'
  | 'node.engine-gone'
  | 'node.notice'
  | 'fencing.wanted'
  | 'fencing.started'
  | 'fencing.failed'
  | 'fencing.confirmed'
  | 'fencing.device'
  | 'resource.changed'
  | 'operation.started'
  | 'operation.succeeded'
  | 'operation.failed'
  | 'config.changed'
  /** Changes that this node knew are undone. */
  | 'config.lost';

/** Something that happened, for people and programs; kept in a bounded list and sent as server-sent events. */
export interface EventRecord {
  /** Counts up on the node that reports it. */
  readonly sequence: number;
  readonly at: Milliseconds;
  readonly kind: EventKind;
  /** The node concerned, where it is one. */
  readonly node: NodeName | undefined;
  /** The resource, LUN or operation concerned. */
  readonly subject: string | undefined;
  /** One sentence for people. */
  readonly message: string;
}
