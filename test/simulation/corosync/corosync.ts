import type { Random } from '../random.ts';
import type { Story } from '../story.ts';
import type { Time } from '../time.ts';
import { Group } from './group.ts';
import { ClusterNetwork } from './network.ts';
import { Order } from './order.ts';
import { Quorum } from './quorum.ts';
import { Rings } from './rings.ts';
import { end, newStation, type Member, type Station } from './station.ts';
import type { Witness } from './witness.ts';

/**
 * Corosync on all nodes: rings, extended virtual synchrony, quorum with a witness or with two_node and wait_for_all. A message has one
 * place in the order of one ring; who parts from a ring may have heard less of its end than the other.
 */
export class Corosync {
  readonly network: ClusterNetwork;
  private readonly order: Order;
  private readonly rings: Rings;
  private readonly quorum: Quorum;
  private readonly time: Time;

  /** Somebody sits in between, and may lose what engines say: no Corosync does that. */
  isTapped = false;

  constructor(ids: readonly number[], time: Time, random: Random, story: Story, hasWitness = false) {
    this.time = time;
    this.network = new ClusterNetwork(new Map(ids.map((id): [number, Station] => [id, newStation(id)])));
    const { network } = this;
    const group = new Group(network.stations, random);
    this.order = new Order(network, group, time, random);
    const { order } = this;
    this.quorum = new Quorum({ network, order }, hasWitness, time, random, story);
    this.rings = new Rings({ network, group, order, quorum: this.quorum }, time, random, story);
  }

  /** Absent where the cluster has none. */
  get witness(): Witness | undefined {
    return this.quorum.witness;
  }

  private station(id: number): Station {
    return this.network.station(id);
  }

  get linkUp(): boolean {
    return this.network.isWhole;
  }

  /** All of the cluster network. */
  setLink(up: boolean): void {
    const ids = [...this.network.stations.keys()];
    for (const from of ids) for (const to of ids) if (from !== to) this.network.set(from, to, up);
    this.rings.reconsider();
  }

  /** One direction of it. */
  setDirection(from: number, to: number, up: boolean): void {
    this.network.set(from, to, up);
    this.rings.reconsider();
  }

  /** The node has booted. */
  start(id: number): void {
    const station = this.station(id);
    station.alive = true;
    station.hasSeenAll = false;
    this.rings.form([station]);
    this.rings.reconsider();
    this.witness?.look();
  }

  /** The node has lost power. */
  kill(id: number): void {
    this.end(id);
  }

  private end(id: number, closed?: number): void {
    end(this.station(id));
    this.rings.reconsider();
    this.witness?.look(undefined, closed);
  }

  isStalled(id: number): boolean {
    return this.station(id).stalled;
  }

  /**
   * How many messages have yet to come to its engine or to leave it: on a slow network they come one by one, and while the
   * witness is asked, none.
   */
  backlog(id: number): number {
    const { ring, position, waiting } = this.station(id);
    return waiting.length + (ring === undefined ? 0 : ring.log.length - position);
  }

  /** Corosync's process stands still: the peer sees the node lost; itself it sees nothing until it goes on. */
  setStalled(id: number, stalled: boolean): void {
    const station = this.station(id);
    if (!station.alive || station.stalled === stalled) return;
    station.stalled = stalled;
    this.witness?.look();
    if (!stalled) return this.rings.resume(station);
    station.detection?.cancel();
    station.detection = undefined;
    this.rings.reconsider();
  }

  /** Corosync itself ends on this node, and is started again by itself or by its engine. */
  crash(id: number, awayFor: number): void {
    const station = this.station(id);
    const { member } = station;
    if (!station.alive || station.stalled) return;
    this.end(id, id);
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
    return this.quorum.isQuorate(this.station(id));
  }

  /** Since when this node has not heard that one; undefined: it is in its ring, or was never known to it. */
  lostAt(id: number, peer: number): number | undefined {
    return this.rings.lostAt(this.station(id), peer);
  }

  join(id: number, member: Member): void {
    const station = this.station(id);
    station.member = member;
    station.toldRing = undefined;
    if (!station.alive) return;
    member.hear({ kind: 'up', self: id });
    this.rings.tell(station, 1);
    this.order.submit(station, { kind: 'join', from: id, process: member.process });
  }

  /** The engine's process has ended; the others are told in order. */
  leave(id: number, process: number): void {
    const station = this.station(id);
    if (station.member?.process !== process) return;
    station.member = undefined;
    if (!station.alive) return;
    this.order.submit(station, { kind: 'procdown', from: id, process });
  }

  multicast(
    id: number,
    message: { readonly process: number; readonly payload: string; readonly view: string },
  ): void {
    const station = this.station(id);
    if (station.member?.process !== message.process || !station.alive) return;
    this.order.submit(station, { kind: 'message', from: id, ...message });
  }

  /** In a few words, for whoever watches. */
  describe(id: number): string {
    const station = this.station(id);
    if (!station.alive) return 'down';
    if (station.stalled) return 'stands still';
    return `ring ${station.ring?.members.join(' ') ?? ''}, ${this.isQuorate(id) ? 'quorate' : 'not quorate'}`;
  }
}
