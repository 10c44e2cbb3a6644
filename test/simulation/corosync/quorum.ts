import type { Random } from '../random.ts';
import type { Story } from '../story.ts';
import type { Time } from '../time.ts';
import type { ClusterNetwork } from './network.ts';
import type { Order } from './order.ts';
import type { Ring, Station } from './station.ts';
import { Witness } from './witness.ts';

/** corosync.conf(5), quorum.device.sync_timeout: a new ring waits so long for what its devices say of the witness. */
const PATIENCE = 30_000;
/** Of two nodes' votes and the witness's. */
const MAJORITY = 2;

/**
 * votequorum on every node. Without a witness, two_node and wait_for_all: who has seen the other one keeps quorum. With
 * one, neither: two of three votes, wherever they are, and a ring that waits for the witness's word is known to have
 * quorum, or not, only afterwards.
 */
export class Quorum {
  readonly witness: Witness | undefined;
  private readonly network: ClusterNetwork;
  private readonly order: Order;
  private readonly time: Time;
  private readonly random: Random;

  constructor(
    { network, order }: { readonly network: ClusterNetwork; readonly order: Order },
    hasWitness: boolean,
    time: Time,
    random: Random,
    story: Story,
  ) {
    this.network = network;
    this.order = order;
    this.time = time;
    this.random = random;
    if (hasWitness)
      this.witness = new Witness(
        network.stations,
        (station, vote) => this.cast(station, vote),
        time,
        random.fork(),
        story,
      );
  }

  isQuorate(station: Station): boolean {
    if (station.ring === undefined) return false;
    return this.witness === undefined ? station.hasSeenAll : station.quorate === true;
  }

  /** These are in a new ring. */
  begin(ring: Ring, members: readonly Station[]): void {
    const { witness } = this;
    if (witness === undefined) return;
    for (const station of members) {
      station.isSyncing = true;
      station.accepted = station.waiting.length;
      station.quorate = undefined;
      if (station.asks) ring.waitsFor.add(station.id);
    }
    this.time.after(0, () => {
      for (const station of members) if (station.ring === ring) witness.ringFormed(station);
    });
    this.time.after(ring.waitsFor.size === 0 ? this.random.between(3, 6) : PATIENCE, () => {
      // A device that has not answered has lost its vote.
      for (const id of ring.waitsFor) {
        const station = this.network.station(id);
        if (station.ring === ring) station.vote = false;
      }
      this.end(ring);
    });
  }

  private cast(station: Station, vote: boolean): void {
    const { ring } = station;
    station.vote = vote;
    if (ring === undefined) return;
    if (!station.isSyncing) return this.renew(station, ring);
    ring.waitsFor.delete(station.id);
    if (ring.waitsFor.size === 0) this.end(ring);
  }

  private end(ring: Ring): void {
    for (const id of ring.members) {
      const station = this.network.station(id);
      if (station.ring !== ring || !station.isSyncing) continue;
      station.isSyncing = false;
      this.renew(station, ring);
      this.order.sendSoon(station);
    }
  }

  /** Counted anew; only what is new is told. */
  private renew(station: Station, { members }: Ring): void {
    const quorate = members.length + Number(station.vote) >= MAJORITY;
    if (quorate === station.quorate) return;
    station.quorate = quorate;
    this.tell(station);
  }

  /** An engine that was told of its ring is told of its quorum, as soon as that is known. */
  tell(station: Station): void {
    const { ring, member } = station;
    this.time.after(this.random.fraction(), () => {
      if (ring === undefined || station.ring !== ring || station.toldRing !== ring) return;
      if (member === undefined || station.member !== member) return;
      const quorate = this.witness === undefined ? station.hasSeenAll : station.quorate;
      if (quorate === undefined || (this.witness !== undefined && station.isSyncing)) return;
      member.hear({ kind: 'quorum', ring: { sequence: ring.sequence }, quorate, nodes: ring.members });
    });
  }
}
