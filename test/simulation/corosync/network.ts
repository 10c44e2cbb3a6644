import type { Station } from './station.ts';

/** The cluster network: each direction between two nodes may be lost by itself, and all of it may be slow. */
export class ClusterNetwork {
  slow = false;
  readonly stations: ReadonlyMap<number, Station>;
  private readonly lost = new Set<string>();

  constructor(stations: ReadonlyMap<number, Station>) {
    this.stations = stations;
  }

  station(id: number): Station {
    const station = this.stations.get(id);
    if (station === undefined) throw new Error(`no station ${id}`);
    return station;
  }

  set(from: number, to: number, up: boolean): void {
    if (up) this.lost.delete(`${from} ${to}`);
    else this.lost.add(`${from} ${to}`);
  }

  get isWhole(): boolean {
    return this.lost.size === 0;
  }

  /** Whether what one sends arrives at the other, which is able to take it. */
  arrives(from: Station, to: Station): boolean {
    if (!from.alive || !to.alive || from.stalled || to.stalled) return false;
    return from.id === to.id || !this.lost.has(`${from.id} ${to.id}`);
  }

  /** A token comes back only where both directions work. */
  canTalk(a: Station, b: Station): boolean {
    return this.arrives(a, b) && this.arrives(b, a);
  }

  /** The token cannot go round its ring. */
  isBroken(station: Station): boolean {
    const { ring } = station;
    if (ring === undefined) return true;
    return ring.members.some((id) => {
      const other = this.station(id);
      return other.ring !== ring || !this.canTalk(station, other);
    });
  }
}
