import type { TransportInput } from '../../../src/engine/index.ts';
import type { Appointment } from '../time.ts';

/** What has a place in the total order. */
export type Entry =
  | {
      readonly kind: 'message';
      readonly from: number;
      readonly process: number;
      readonly payload: string;
      /** The view that its sender was in. */
      readonly view: string;
    }
  | { readonly kind: 'join'; readonly from: number; readonly process: number }
  | { readonly kind: 'procdown'; readonly from: number; readonly process: number };

/** A ring of nodes, and the total order of what was sent in it. */
export interface Ring {
  readonly sequence: number;
  readonly members: readonly number[];
  readonly log: Entry[];
  /** Of the first ring with this log: rings that only had a pause go on with it. */
  readonly born: number;
  /** Whose devices have not told yet whether the witness votes for it. */
  readonly waitsFor: Set<number>;
}

/** The engine on a node, as its Corosync sees it. */
export interface Member {
  readonly process: number;
  /** `view`: of a view its name, which two stations give to the same view only; of a message, its sender's view. */
  hear(event: TransportInput, view?: string): void;
}

/** Corosync on one node. */
export interface Station {
  readonly id: number;
  alive: boolean;
  /** Counts the ends of this Corosync. */
  deaths: number;
  stalled: boolean;
  ring: Ring | undefined;
  ringSince: number;
  /** How much of the ring's order this station has delivered. */
  position: number;
  /** How much of it has come here and may be delivered; Infinity while the ring is whole. */
  horizon: number;
  delivering: Appointment | undefined;
  /** Sent by its engine, and in no ring's order yet: the token has not come by since. */
  waiting: Entry[];
  sending: Appointment | undefined;
  detection: Appointment | undefined;
  brokenSince: number | undefined;
  /** votequorum's wait_for_all is fulfilled. */
  hasSeenAll: boolean;
  /** Its device has found the witness. */
  asks: boolean;
  /** The witness votes for this node's half, as far as its device has heard. */
  vote: boolean;
  /** With a witness: a new ring waits for its vote, and takes no messages meanwhile but those that it took before. */
  isSyncing: boolean;
  accepted: number;
  /** In the present ring, with a witness; undefined: not known yet. */
  quorate: boolean | undefined;
  /** The ring that its engine was told of last. */
  toldRing: Ring | undefined;
  member: Member | undefined;
  /** Those processes of the group that this station knows, by node. */
  readonly group: Map<number, number>;
  /** Since when these nodes could not be heard any more, which were in the ring before and are not in the present one. */
  readonly lost: Map<number, number>;
  /** The other's `deaths` when its engine was last seen in the group. */
  readonly met: Map<number, number>;
}

export const newStation = (id: number): Station => ({
  id,
  alive: false,
  deaths: 0,
  stalled: false,
  ring: undefined,
  ringSince: 0,
  position: 0,
  horizon: Infinity,
  delivering: undefined,
  waiting: [],
  sending: undefined,
  detection: undefined,
  brokenSince: undefined,
  hasSeenAll: false,
  asks: false,
  vote: false,
  isSyncing: false,
  accepted: 0,
  quorate: undefined,
  toldRing: undefined,
  member: undefined,
  group: new Map(),
  lost: new Map(),
  met: new Map(),
});

/** Its process is gone, and all it knew. */
export function end(station: Station): void {
  station.alive = false;
  station.deaths += 1;
  station.stalled = false;
  station.ring = undefined;
  station.delivering?.cancel();
  station.delivering = undefined;
  station.sending?.cancel();
  station.sending = undefined;
  station.detection?.cancel();
  station.detection = undefined;
  station.brokenSince = undefined;
  station.waiting = [];
  station.asks = false;
  station.vote = false;
  station.isSyncing = false;
  station.quorate = undefined;
  station.toldRing = undefined;
  station.member = undefined;
  station.group.clear();
  station.lost.clear();
  station.met.clear();
}
