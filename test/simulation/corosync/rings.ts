import type { Random } from '../random.ts';
import type { Story } from '../story.ts';
import type { Appointment, Time } from '../time.ts';
import type { Group } from './group.ts';
import type { ClusterNetwork } from './network.ts';
import type { Order } from './order.ts';
import type { Quorum } from './quorum.ts';
import type { Ring, Station } from './station.ts';

/** Milliseconds, as measured with token 1000 and consensus 1200. */
const LOSS_SEEN = { least: 2080, most: 2250 };
/** Whoever stood still for longer than the token has missed it at once, and only seeks consensus. */
const RESUMED = { least: 1150, most: 1300 };
/** A token that comes back before this is not missed at all. */
const TOKEN = 1000;
/** By then a new ring has been told to everybody. */
const TOLD = 6;
const MERGE = { least: 150, most: 1500 };

/** How rings break, go on, part and merge (Totem), and what each node is told of that. */
export class Rings {
  private readonly network: ClusterNetwork;
  private readonly group: Group;
  private readonly order: Order;
  private readonly quorum: Quorum;
  private readonly time: Time;
  private readonly random: Random;
  private readonly story: Story;
  private sequence = 4;
  private merging: Appointment | undefined;

  constructor(
    parts: {
      readonly network: ClusterNetwork;
      readonly group: Group;
      readonly order: Order;
      readonly quorum: Quorum;
    },
    time: Time,
    random: Random,
    story: Story,
  ) {
    this.network = parts.network;
    this.group = parts.group;
    this.order = parts.order;
    this.quorum = parts.quorum;
    this.time = time;
    this.random = random;
    this.story = story;
  }

  private get stations(): readonly Station[] {
    return [...this.network.stations.values()];
  }

  /** Who can talk to whom has changed. */
  reconsider(): void {
    for (const station of this.stations) {
      if (!station.alive || station.ring === undefined) continue;
      const broken = this.network.isBroken(station);
      if (broken) {
        station.brokenSince ??= this.time.now;
        this.order.cutOff(station);
      }
      if (station.stalled) continue;
      if (broken) this.startDetection(station, LOSS_SEEN);
      else this.heal(station);
    }
    this.mergeLater();
  }

  /** It has stood still since `brokenSince`, and goes on. */
  resume(station: Station): void {
    const pause = station.brokenSince === undefined ? 0 : this.time.now - station.brokenSince;
    if (pause > TOKEN && this.network.isBroken(station)) this.startDetection(station, RESUMED);
    this.reconsider();
    this.order.deliverSoon(station);
    this.order.sendSoon(station);
  }

  private startDetection(station: Station, delay: { readonly least: number; readonly most: number }): void {
    if (station.detection !== undefined) return;
    station.detection = this.time.after(this.random.between(delay.least, delay.most), () => {
      station.detection = undefined;
      if (!station.alive || !this.network.isBroken(station)) return;
      this.form([station]);
      this.reconsider();
    });
  }

  /** The ring can talk again before anybody gave it up: it goes on, after a long pause as a new ring of the same. */
  private heal(station: Station): void {
    station.detection?.cancel();
    station.detection = undefined;
    const pause = station.brokenSince === undefined ? 0 : this.time.now - station.brokenSince;
    station.brokenSince = undefined;
    const { ring } = station;
    if (ring === undefined) return;
    const others = ring.members.map((id) => this.network.station(id));
    if (pause > TOKEN) {
      this.sequence += 4;
      const renewed: Ring = {
        sequence: this.sequence,
        members: ring.members,
        log: ring.log,
        born: ring.born,
        waitsFor: new Set(),
      };
      for (const other of others) {
        other.detection?.cancel();
        other.detection = undefined;
        other.brokenSince = undefined;
        other.ring = renewed;
      }
      this.quorum.begin(renewed, others);
      for (const other of others) {
        this.tell(other, this.random.between(2, 4));
      }
    }
    for (const other of others) this.order.goOn(other);
  }

  private mergeLater(): void {
    if (this.merging !== undefined || !this.canMerge()) return;
    this.merging = this.time.after(this.random.between(MERGE.least, MERGE.most), () => {
      this.merging = undefined;
      if (!this.canMerge()) return;
      for (const station of this.stations) {
        station.detection?.cancel();
        station.detection = undefined;
      }
      this.form(this.stations);
    });
  }

  private canMerge(): boolean {
    const { stations } = this;
    const [first] = stations;
    if (first === undefined) return false;
    const inOneRing = stations.every(({ ring }) => ring === first.ring);
    return !inOneRing && stations.every((a) => stations.every((b) => this.network.canTalk(a, b)));
  }

  form(members: readonly Station[]): void {
    this.sequence += 4;
    const ring: Ring = {
      sequence: this.sequence,
      members: members.map(({ id }) => id).sort((a, b) => a - b),
      log: [],
      born: this.sequence,
      waitsFor: new Set(),
    };
    this.story.tell('corosync', `ring ${ring.sequence}: nodes ${ring.members.join(', ')}`);
    const rings = new Map(members.map((station) => [station.id, station.ring]));
    for (const station of members) this.order.finish(station);
    const joined = members.flatMap((station): [number, number][] => {
      const process = station.group.get(station.id);
      return process === undefined ? [] : [[station.id, process]];
    });
    this.quorum.begin(ring, members);
    for (const station of members) {
      const old = rings.get(station.id);
      const apart = new Set(members.filter(({ id }) => rings.get(id) !== old).map(({ id }) => id));
      station.ring = ring;
      station.ringSince = this.time.now;
      this.noteLost(station, ring);
      if (ring.members.length === this.network.stations.size) station.hasSeenAll = true;
      this.group.change(station, new Map(joined), apart);
      this.tell(station, this.random.between(2, 4));
    }
    this.order.begin(members);
  }

  private noteLost(station: Station, ring: Ring): void {
    const brokenSince = station.brokenSince ?? this.time.now;
    station.brokenSince = undefined;
    for (const { id, deaths } of this.stations) {
      if (ring.members.includes(id)) station.lost.delete(id);
      else if (station.met.get(id) === deaths) station.lost.set(id, brokenSince);
    }
  }

  /** Since when this node has not heard that one, as everybody on it has been told; undefined: it does hear it, or never did. */
  lostAt(station: Station, peer: number): number | undefined {
    return this.time.now - station.ringSince < TOLD ? undefined : station.lost.get(peer);
  }

  /** The new ring and its quorum, 2 to 4 ms after the view. */
  tell(station: Station, delay: number): void {
    const { ring, member } = station;
    if (ring === undefined || member === undefined) return;
    const holds = (): boolean => station.ring === ring && station.member === member;
    this.time.after(delay, () => {
      if (!holds()) return;
      station.toldRing = ring;
      member.hear({ kind: 'ring', ring: { sequence: ring.sequence }, nodes: ring.members });
      this.quorum.tell(station);
    });
  }
}
