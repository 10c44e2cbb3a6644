import type { Random } from '../random.ts';
import type { Entry, Station } from './station.ts';

interface Departure {
  readonly node: number;
  readonly reason: 'nodedown' | 'procdown';
}

/** The group of engines, as each station tells its own engine about it (CPG). */
export class Group {
  private readonly stations: ReadonlyMap<number, Station>;
  private readonly random: Random;

  constructor(stations: ReadonlyMap<number, Station>, random: Random) {
    this.stations = stations;
    this.random = random;
  }

  /** The next entry of the total order, at one station. */
  deliver(station: Station, entry: Entry): void {
    switch (entry.kind) {
      case 'message':
        if (station.group.get(station.id) === station.member?.process)
          station.member?.hear({ kind: 'message', node: entry.from, payload: entry.payload }, entry.view);
        return;
      case 'join':
        station.group.set(entry.from, entry.process);
        this.noteMet(station, [entry.from]);
        return this.sendView(station, [], `${station.position}`);
      case 'procdown':
        if (station.group.get(entry.from) !== entry.process) return;
        station.group.delete(entry.from);
        return this.sendView(station, [{ node: entry.from, reason: 'procdown' }], `${station.position}`);
    }
  }

  private sendView(station: Station, left: readonly Departure[], place: string): void {
    const { member } = station;
    if (member === undefined || station.group.get(station.id) !== member.process) return;
    const members = [...station.group]
      .map(([node, process]) => ({ node, process }))
      .sort((a, b) => a.node - b.node);
    member.hear({ kind: 'view', members, left }, `ring ${station.ring?.born ?? 0} ${place}`);
  }

  /** In this life of theirs: whoever dies stays in the group until the next ring, and its next life is another one. */
  private noteMet({ met }: Station, ids: Iterable<number>): void {
    for (const id of ids) met.set(id, this.stations.get(id)?.deaths ?? 0);
  }

  /**
   * A new ring. `apart`: nodes that come from another ring than this one. Whoever was in another ring meanwhile comes
   * as a new member; after a stall it has left and joined at once, and is in both lists.
   */
  change(station: Station, after: ReadonlyMap<number, number>, apart: ReadonlySet<number>): void {
    const before = new Map(station.group);
    const others = [...before].filter(([node]) => node !== station.id);
    const gone = others.filter(([node, process]) => after.get(node) !== process || apart.has(node));
    const come = [...after].some(([node, process]) => before.get(node) !== process);
    station.group.clear();
    const left = gone.map(([node]) => ({ node, reason: 'nodedown' as const }));
    const inTwoSteps = gone.some(([node]) => after.has(node)) && this.random.chance(0.5);
    if (inTwoSteps) {
      const own = after.get(station.id);
      if (own !== undefined) station.group.set(station.id, own);
      this.sendView(station, left, `apart ${station.id}`);
    }
    for (const [node, process] of after) station.group.set(node, process);
    this.noteMet(station, after.keys());
    if (gone.length > 0 || come) this.sendView(station, inTwoSteps ? [] : left, 'begins');
  }
}
