import type { TransportInput } from '../../src/engine/index.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { Appointment, Time } from './time.ts';

/** Milliseconds, as measured with token 1000 and consensus 1200. */
const LOSS_SEEN = { least: 2080, most: 2250 };
/** A token that comes back before this is not missed at all. */
const TOKEN = 1000;
/** By then a new ring has been told to everybody. */
const TOLD = 6;
const MERGE = { least: 150, most: 1500 };

/** What has a place in the total order. */
type Entry =
  | { readonly kind: 'message'; readonly from: number; readonly process: number; readonly payload: string }
  | { readonly kind: 'join'; readonly from: number; readonly process: number }
  | { readonly kind: 'procdown'; readonly from: number; readonly process: number };

interface Ring {
  readonly sequence: number;
  readonly members: readonly number[];
  /** The total order of this ring. */
  readonly log: Entry[];
}

export interface Member {
  readonly process: number;
  hear(event: TransportInput): void;
}

interface Station {
  readonly id: number;
  alive: boolean;
  deaths: number;
  stalled: boolean;
  ring: Ring | undefined;
  ringSince: number;
  /** How much of the ring's log this station has delivered. */
  position: number;
  delivering: Appointment | undefined;
  /** Sent while the ring was broken: delivered in the next one. */
  waiting: Entry[];
  detection: Appointment | undefined;
  brokenSince: number | undefined;
  /** votequorum's wait_for_all is fulfilled. */
  hasSeenAll: boolean;
  /** The engine on this node, and those processes of the group that this node knows. */
  member: Member | undefined;
  readonly group: Map<number, number>;
  /** Since when these nodes could not be heard any more, which were in the ring before and are not in the present one. */
  readonly lost: Map<number, number>;
  /** The other's life when its engine was last seen in the group. */
  readonly met: Map<number, number>;
}

/**
 * Corosync on both nodes: rings, extended virtual synchrony, quorum with two_node and wait_for_all. A message has one
 * place in the order of one ring; who parts from a ring may have heard less of its end than the other.
 */
export class Corosync {
  readonly stations: ReadonlyMap<number, Station>;
  linkUp = true;
  private readonly time: Time;
  private readonly random: Random;
  private readonly story: Story;
  private sequence = 4;
  private merging: Appointment | undefined;

  constructor(ids: readonly number[], time: Time, random: Random, story: Story) {
    this.time = time;
    this.random = random;
    this.story = story;
    this.stations = new Map(
      ids.map((id): [number, Station] => [
        id,
        {
          id,
          alive: false,
          deaths: 0,
          stalled: false,
          ring: undefined,
          ringSince: 0,
          position: 0,
          delivering: undefined,
          waiting: [],
          detection: undefined,
          brokenSince: undefined,
          hasSeenAll: false,
          member: undefined,
          group: new Map(),
          lost: new Map(),
          met: new Map(),
        },
      ]),
    );
  }

  private station(id: number): Station {
    const station = this.stations.get(id);
    if (station === undefined) throw new Error(`no station ${id}`);
    return station;
  }

  /** The node has booted. */
  start(id: number): void {
    const station = this.station(id);
    station.alive = true;
    station.stalled = false;
    station.hasSeenAll = false;
    this.formRing([station]);
    this.reconsider();
  }

  /** The node has lost power. */
  kill(id: number): void {
    const station = this.station(id);
    station.alive = false;
    station.deaths += 1;
    station.stalled = false;
    station.ring = undefined;
    station.delivering?.cancel();
    station.delivering = undefined;
    station.detection?.cancel();
    station.detection = undefined;
    station.waiting = [];
    station.member = undefined;
    station.group.clear();
    station.lost.clear();
    station.met.clear();
    this.reconsider();
  }

  setLink(up: boolean): void {
    this.linkUp = up;
    this.reconsider();
  }

  /** The whole user space of the node stands still: the peer sees it lost; it sees nothing until it goes on. */
  setStalled(id: number, stalled: boolean): void {
    const station = this.station(id);
    if (!station.alive) return;
    station.stalled = stalled;
    if (stalled) {
      station.detection?.cancel();
      station.detection = undefined;
    }
    this.reconsider();
    if (!stalled) this.deliverSoon(station);
  }

  /** Since when this node has not heard that one; undefined: it is in it, or was never known to it. */
  lostAt(id: number, peer: number): number | undefined {
    const station = this.station(id);
    return this.time.now - station.ringSince < TOLD ? undefined : station.lost.get(peer);
  }

  /** Corosync itself ends on this node, and is started again by itself or by its engine. */
  crash(id: number, awayFor: number): void {
    const station = this.station(id);
    const { member } = station;
    if (!station.alive || station.stalled) return;
    this.kill(id);
    station.member = member;
    member?.hear({ kind: 'down', reason: 'CS_ERR_LIBRARY' });
    const { deaths } = station;
    this.time.after(awayFor, () => {
      if (station.deaths !== deaths) return;
      const waiting = station.member;
      station.member = undefined;
      this.start(id);
      if (waiting !== undefined) this.join(id, waiting);
    });
  }

  isQuorate(id: number): boolean {
    const station = this.station(id);
    return station.ring !== undefined && station.hasSeenAll;
  }

  join(id: number, member: Member): void {
    const station = this.station(id);
    station.member = member;
    if (!station.alive) return;
    member.hear({ kind: 'up', self: id });
    this.sendRing(station, 1);
    this.append(station, { kind: 'join', from: id, process: member.process });
  }

  /** The engine's process has ended; the others are told in order. */
  leave(id: number, process: number): void {
    const station = this.station(id);
    if (station.member?.process !== process) return;
    station.member = undefined;
    if (!station.alive) return;
    this.append(station, { kind: 'procdown', from: id, process });
  }

  multicast(id: number, process: number, payload: string): void {
    const station = this.station(id);
    if (station.member?.process !== process) return;
    this.append(station, { kind: 'message', from: id, process, payload });
  }

  private append(station: Station, entry: Entry): void {
    const { ring } = station;
    if (ring === undefined) return;
    if (this.isBroken(station)) {
      station.waiting.push(entry);
      return;
    }
    ring.log.push(entry);
    for (const id of ring.members) this.deliverSoon(this.station(id));
  }

  private isBroken(station: Station): boolean {
    return station.ring?.members.some((id) => !this.canTalk(station, this.station(id))) ?? true;
  }

  private canTalk(a: Station, b: Station): boolean {
    if (!a.alive || !b.alive || a.stalled || b.stalled) return false;
    return a.id === b.id || this.linkUp;
  }

  private deliverSoon(station: Station): void {
    if (station.delivering !== undefined || station.stalled || this.isBroken(station)) return;
    if (station.position >= (station.ring?.log.length ?? 0)) return;
    const isSlow = this.random.chance(0.03);
    const delay = isSlow ? this.random.between(5, 80) : 0.1 + this.random.fraction() * 0.5;
    station.delivering = this.time.after(delay, () => {
      station.delivering = undefined;
      if (station.stalled || this.isBroken(station)) return;
      const entry = station.ring?.log[station.position];
      if (entry === undefined) return;
      station.position += 1;
      this.deliver(station, entry);
      this.deliverSoon(station);
    });
  }

  private deliver(station: Station, entry: Entry): void {
    switch (entry.kind) {
      case 'message':
        if (station.group.get(station.id) === station.member?.process)
          station.member?.hear({ kind: 'message', node: entry.from, payload: entry.payload });
        return;
      case 'join':
        station.group.set(entry.from, entry.process);
        return this.sendView(station, []);
      case 'procdown':
        if (station.group.get(entry.from) !== entry.process) return;
        station.group.delete(entry.from);
        return this.sendView(station, [{ node: entry.from, reason: 'procdown' }]);
    }
  }

  private sendView(
    station: Station,
    left: readonly { readonly node: number; readonly reason: 'nodedown' | 'procdown' }[],
  ): void {
    for (const id of station.group.keys()) station.met.set(id, this.station(id).deaths);
    const { member } = station;
    if (member === undefined || station.group.get(station.id) !== member.process) return;
    const members = [...station.group]
      .map(([node, process]) => ({ node, process }))
      .sort((a, b) => a.node - b.node);
    member.hear({ kind: 'view', members, left });
  }

  /** The new ring and its quorum, 2 to 4 ms after the view. */
  private sendRing(station: Station, delay: number): void {
    const { ring, member } = station;
    if (ring === undefined || member === undefined) return;
    this.time.after(delay, () => {
      if (station.ring !== ring || station.member !== member) return;
      member.hear({ kind: 'ring', ring: { sequence: ring.sequence }, nodes: ring.members });
      this.time.after(this.random.fraction(), () => {
        if (station.ring !== ring || station.member !== member) return;
        const quorate = station.hasSeenAll;
        member.hear({ kind: 'quorum', ring: { sequence: ring.sequence }, quorate, nodes: ring.members });
      });
    });
  }

  /** Who can talk to whom has changed. */
  private reconsider(): void {
    for (const station of this.stations.values()) {
      if (!station.alive || station.ring === undefined) continue;
      if (this.isBroken(station)) station.brokenSince ??= this.time.now;
      if (station.stalled) continue;
      if (this.isBroken(station)) this.startDetection(station);
      else this.heal(station);
    }
    this.mergeLater();
  }

  private startDetection(station: Station): void {
    if (station.detection !== undefined) return;
    station.detection = this.time.after(this.random.between(LOSS_SEEN.least, LOSS_SEEN.most), () => {
      station.detection = undefined;
      if (!station.alive || !this.isBroken(station)) return;
      this.formRing([station]);
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
    const others = ring.members.map((id) => this.station(id)).filter((other) => other.ring === ring);
    if (others.length < ring.members.length) return this.mergeLater();
    ring.log.push(...station.waiting.splice(0));
    if (pause > TOKEN) {
      for (const other of others) {
        other.detection?.cancel();
        other.detection = undefined;
        other.brokenSince = undefined;
        ring.log.push(...other.waiting.splice(0));
      }
      this.sequence += 4;
      const renewed: Ring = { sequence: this.sequence, members: ring.members, log: ring.log };
      for (const other of others) {
        other.ring = renewed;
        this.sendRing(other, this.random.between(2, 4));
      }
    }
    for (const other of others) this.deliverSoon(other);
  }

  private mergeLater(): void {
    if (this.merging !== undefined || !this.canMerge()) return;
    this.merging = this.time.after(this.random.between(MERGE.least, MERGE.most), () => {
      this.merging = undefined;
      if (!this.canMerge()) return;
      for (const station of this.stations.values()) {
        station.detection?.cancel();
        station.detection = undefined;
      }
      this.formRing([...this.stations.values()]);
    });
  }

  private canMerge(): boolean {
    const stations = [...this.stations.values()];
    const [first] = stations;
    if (first === undefined) return false;
    const inOneRing = stations.every(({ ring }) => ring === first.ring);
    return !inOneRing && stations.every((a) => stations.every((b) => this.canTalk(a, b)));
  }

  private formRing(members: readonly Station[]): void {
    this.sequence += 4;
    const ring: Ring = {
      sequence: this.sequence,
      members: members.map(({ id }) => id).sort((a, b) => a - b),
      log: [],
    };
    this.story.tell('corosync', `ring ${ring.sequence}: nodes ${ring.members.join(', ')}`);
    const groups = new Map(members.map((station) => [station, new Map(station.group)]));
    const rings = new Map(members.map((station) => [station.id, station.ring]));
    for (const station of members) this.endOldRing(station);
    const joined = members.flatMap((station): [number, number][] => {
      const process = station.group.get(station.id);
      return process === undefined ? [] : [[station.id, process]];
    });
    for (const station of members) {
      const before = groups.get(station) ?? new Map<number, number>();
      const apart = new Set(
        members.filter(({ id }) => rings.get(id) !== rings.get(station.id)).map(({ id }) => id),
      );
      station.ring = ring;
      station.ringSince = this.time.now;
      station.position = 0;
      station.delivering?.cancel();
      station.delivering = undefined;
      const brokenSince = station.brokenSince ?? this.time.now;
      station.brokenSince = undefined;
      if (ring.members.length === this.stations.size) station.hasSeenAll = true;
      for (const id of this.stations.keys()) {
        if (ring.members.includes(id)) station.lost.delete(id);
        else if (station.met.get(id) === this.station(id).deaths) station.lost.set(id, brokenSince);
      }
      this.changeGroup(station, before, new Map(joined), apart);
      this.sendRing(station, this.random.between(2, 4));
    }
    const queues = members.map((station) => station.waiting.splice(0));
    while (queues.some((queue) => queue.length > 0)) {
      const entry = this.random.pick(queues.filter((queue) => queue.length > 0)).shift();
      if (entry !== undefined) ring.log.push(entry);
    }
    for (const station of members) this.deliverSoon(station);
  }

  /** What of the old ring's end has come here is delivered; one's own messages are never lost. */
  private endOldRing(station: Station): void {
    const rest = station.ring?.log.slice(station.position) ?? [];
    const received = this.random.between(0, rest.length);
    const own = rest.slice(received).filter(({ from }) => from === station.id);
    for (const entry of rest.slice(0, received)) this.deliver(station, entry);
    if (this.random.chance(0.5)) for (const entry of own) this.deliver(station, entry);
    else station.waiting.unshift(...own);
  }

  /**
   * `apart`: nodes that come from another ring than this one. Whoever was in another ring meanwhile comes as a new member; after a stall it has left and joined at once, and is
   * in both lists.
   */
  private changeGroup(
    station: Station,
    before: ReadonlyMap<number, number>,
    after: ReadonlyMap<number, number>,
    apart: ReadonlySet<number>,
  ): void {
    const others = [...before].filter(([node]) => node !== station.id);
    const gone = others.filter(([node, process]) => after.get(node) !== process || apart.has(node));
    const come = [...after].some(([node, process]) => before.get(node) !== process);
    station.group.clear();
    const left = gone.map(([node]) => ({ node, reason: 'nodedown' as const }));
    const inTwoSteps = gone.some(([node]) => after.has(node)) && this.random.chance(0.5);
    if (inTwoSteps) {
      const own = after.get(station.id);
      if (own !== undefined) station.group.set(station.id, own);
      this.sendView(station, left);
    }
    for (const [node, process] of after) station.group.set(node, process);
    if (gone.length > 0 || come) this.sendView(station, inTwoSteps ? [] : left);
  }
}
