/** Corosync as the engine sees it: views, quorum and ordered messages (see facts on extended virtual synchrony). */
export interface RingId {
  readonly node: number;
  /** Grows with every membership change; the engine's generation. */
  readonly sequence: number;
}

export type LeaveReason = 'leave' | 'nodedown' | 'procdown';

export type TransportEvent =
  /** Corosync answers; `self` is this node's id. A view and a quorum event follow. */
  | { readonly kind: 'up'; readonly self: number }
  /** Corosync is gone; the transport tries again by itself. Nothing sent since the last own delivery can be counted on. */
  | { readonly kind: 'down'; readonly reason: string }
  /** The engines (members of the process group) changed. In total order with the messages. */
  | {
      readonly kind: 'view';
      readonly members: readonly { readonly node: number; readonly process: number }[];
      readonly joined: readonly { readonly node: number; readonly process: number }[];
      readonly left: readonly {
        readonly node: number;
        readonly process: number;
        readonly reason: LeaveReason;
      }[];
    }
  /** The Corosync ring changed: these nodes' Corosync processes are in it. Quorum is unknown until the quorum event of the same ring. */
  | { readonly kind: 'ring'; readonly ring: RingId; readonly nodes: readonly number[] }
  | {
      readonly kind: 'quorum';
      readonly ring: RingId;
      readonly quorate: boolean;
      readonly nodes: readonly number[];
    }
  /** In the same order on every member, one's own messages included: only one's own delivery is an acknowledgement. */
  | { readonly kind: 'message'; readonly node: number; readonly process: number; readonly payload: string };

export interface Transport {
  /** Events come one at a time, never from within `start` or `multicast`. */
  start(listener: (event: TransportEvent) => void): void;
  /** Queues; keeps the order; splits what is over 64 KiB and joins it again. Dropped silently when the transport goes down. */
  multicast(payload: string): void;
  close(): void;
}
