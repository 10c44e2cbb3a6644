import type { Random } from '../random.ts';
import type { Time } from '../time.ts';
import type { Group } from './group.ts';
import type { ClusterNetwork } from './network.ts';
import type { Entry, Station } from './station.ts';

/** What one visit of the token takes along. */
const BATCH = 17;
/** For so long after it broke, the ring's token may still have been with somebody who had something to send. */
const LAST_TOKEN = 5;

/**
 * The total order of a ring. What engines send waits for the token, so that messages of different nodes change places,
 * and those of one do not; then each station delivers it in its own time.
 */
export class Order {
  private readonly network: ClusterNetwork;
  private readonly group: Group;
  private readonly time: Time;
  private readonly random: Random;
  /** Who held the token when its ring broke. */
  private holder: number | undefined;

  constructor(network: ClusterNetwork, group: Group, time: Time, random: Random) {
    this.network = network;
    this.group = group;
    this.time = time;
    this.random = random;
  }

  submit(station: Station, entry: Entry): void {
    station.waiting.push(entry);
    this.sendSoon(station);
  }

  sendSoon(station: Station): void {
    if (station.sending !== undefined || station.waiting.length === 0) return;
    if (station.stalled || !this.hasToken(station) || taken(station) === 0) return;
    station.sending = this.time.after(this.delay(0.02, 0.4), () => {
      station.sending = undefined;
      if (station.stalled || station.ring === undefined || !this.hasToken(station)) return;
      const batch = station.waiting.splice(0, Math.min(BATCH, taken(station)));
      station.accepted -= batch.length;
      for (const entry of batch) this.place(station, entry);
      this.sendSoon(station);
    });
  }

  private hasToken(station: Station): boolean {
    if (!this.network.isBroken(station)) return true;
    const { brokenSince } = station;
    return (
      this.holder === station.id && brokenSince !== undefined && this.time.now - brokenSince < LAST_TOKEN
    );
  }

  private place(sender: Station, entry: Entry): void {
    const { ring } = sender;
    if (ring === undefined) return;
    const index = ring.log.push(entry) - 1;
    for (const id of ring.members) {
      const station = this.network.station(id);
      if (station.ring !== ring) continue;
      if (station.horizon === index && this.network.arrives(sender, station)) station.horizon += 1;
      this.deliverSoon(station);
    }
  }

  deliverSoon(station: Station): void {
    if (station.delivering !== undefined || station.stalled || !this.hasNext(station)) return;
    const isSlow = this.random.chance(0.03);
    const delay = isSlow ? this.random.between(5, 80) : this.delay(0.1, 0.6);
    station.delivering = this.time.after(delay, () => {
      station.delivering = undefined;
      if (station.stalled || !this.hasNext(station)) return;
      const entry = station.ring?.log[station.position];
      if (entry === undefined) return;
      station.position += 1;
      this.group.deliver(station, entry);
      this.deliverSoon(station);
    });
  }

  private hasNext({ ring, position, horizon }: Station): boolean {
    return ring !== undefined && position < Math.min(ring.log.length, horizon);
  }

  private delay(least: number, most: number): number {
    if (this.network.slow) return this.random.between(5, 350);
    return least + this.random.fraction() * (most - least);
  }

  /** The token is lost: what was under way has come here or not; from now on nothing more of the others comes. */
  cutOff(station: Station): void {
    const { ring } = station;
    if (ring === undefined || station.horizon !== Infinity) return;
    const isFirst = ring.members.every((id) => this.network.station(id).horizon === Infinity);
    if (isFirst) this.holder = this.random.pick(ring.members);
    const hearsAll = ring.members.every((id) => {
      const other = this.network.station(id);
      return other.ring === ring && this.network.arrives(other, station);
    });
    station.horizon = hearsAll ? ring.log.length : this.random.between(station.position, ring.log.length);
  }

  /** The ring is whole again before anybody gave it up: what was lost is sent again. */
  goOn(station: Station): void {
    station.horizon = Infinity;
    this.sendSoon(station);
    this.deliverSoon(station);
  }

  /** The ring has ended: what came here without a gap is delivered, and then one's own, which cannot have been lost. */
  finish(station: Station): void {
    const { ring } = station;
    if (ring === undefined) return;
    const received = Math.min(ring.log.length, station.horizon);
    while (station.position < ring.log.length) {
      const entry = ring.log[station.position];
      station.position += 1;
      if (entry !== undefined && (station.position <= received || entry.from === station.id))
        this.group.deliver(station, entry);
    }
  }

  /** What waited is sent in a new ring, in any order that keeps that of each sender. */
  begin(stations: readonly Station[]): void {
    for (const station of stations) {
      station.delivering?.cancel();
      station.delivering = undefined;
      station.sending?.cancel();
      station.sending = undefined;
      station.position = 0;
      station.horizon = Infinity;
    }
    for (const station of stations) this.sendSoon(station);
  }
}

/** While quorum is being found out, Corosync takes nothing new; what it took before goes on its way. */
const taken = ({ isSyncing, accepted, waiting }: Station): number => (isSyncing ? accepted : waiting.length);
