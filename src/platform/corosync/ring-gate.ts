import type { RingId, TransportEvent } from '../../ports/index.ts';

/**
 * Views and messages come over one connection, ring and quorum over another, and either may be ahead. The gate holds
 * ring and quorum back until the ordered stream is in the same ring, so that the engine always sees: the views of a
 * ring change, then its `ring`, then its `quorum`; and never quorum of an older ring after a newer view.
 */
export interface RingGate {
  /** A view was made by a ring change whose id is not known yet. */
  ringLeft(): void;
  /** The ordered stream is in this ring from now on. */
  ringReached(ring: RingId): void;
  nodes(ring: RingId, nodes: readonly number[]): void;
  quorum(ring: RingId, quorate: boolean, nodes: readonly number[]): void;
}

type RingEvent = Extract<TransportEvent, { kind: 'ring' }>;
type QuorumEvent = Extract<TransportEvent, { kind: 'quorum' }>;

const same = (one: RingId, other: RingId | undefined): boolean =>
  one.node === other?.node && one.sequence === other.sequence;

export function createRingGate(emit: (event: RingEvent | QuorumEvent) => void): RingGate {
  let reached: RingId | undefined;
  let announced: RingId | undefined;
  // Only the latest of each is kept: what it replaces belongs to a ring that is gone, or is repeated by it.
  let heldRing: RingEvent | undefined;
  let heldQuorum: QuorumEvent | undefined;

  function release(): void {
    if (reached === undefined) return;
    if (heldRing !== undefined && same(heldRing.ring, reached)) {
      announced = reached;
      emit(heldRing);
      heldRing = undefined;
    }
    if (heldQuorum !== undefined && same(heldQuorum.ring, reached) && same(heldQuorum.ring, announced)) {
      emit(heldQuorum);
      heldQuorum = undefined;
    }
  }

  return {
    ringLeft() {
      reached = undefined;
    },
    ringReached(ring) {
      reached = ring;
      release();
    },
    nodes(ring, nodes) {
      heldRing = { kind: 'ring', ring, nodes };
      release();
    },
    quorum(ring, quorate, nodes) {
      heldQuorum = { kind: 'quorum', ring, quorate, nodes };
      release();
    },
  };
}
