import type { Random } from '../random.ts';
import type { Story } from '../story.ts';
import type { Appointment, Time } from '../time.ts';
import { close, keep, newConnection, type Connection } from './connection.ts';
import { ffsplit } from './ffsplit.ts';
import type { Ring, Station } from './station.ts';

/** Milliseconds that a word takes between a node and the witness; of a slow one. */
const WORD = { least: 40, most: 180 };
const SLOW_WORD = { least: 500, most: 8000 };
/** Until the device of a node has (again) found the witness. */
const FOUND = { least: 300, most: 9000 };
/** A connection whose other end has ended is closed at once. */
const CLOSED = { least: 10, most: 100 };
/** Of who only falls silent: a node gives up first, so that its vote is never given to two. */
const GIVEN_UP_BY_NODE = { least: 4000, most: 8000 };
const GIVEN_UP_BY_WITNESS = { least: 8500, most: 12_000 };

type Delay = { readonly least: number; readonly most: number };

/** What a node does with the answer: from now on the witness votes for its half, or does not. */
export type Cast = (station: Station, vote: boolean) => void;

/**
 * A third machine (corosync-qnetd with ffsplit, as the product has it configured) and the device on each node that asks
 * it. Its one vote goes to one half: to the one with more of those that reach it, of equal ones to the one that had it
 * before, then to the lower id. Whoever loses it has said so, or is given up, before the other half gets it.
 */
export class Witness {
  slow = false;
  private isUp = true;
  private readonly cutOff = new Set<number>();
  private readonly connections: ReadonlyMap<number, Connection>;
  private readonly cast: Cast;
  private readonly time: Time;
  private readonly random: Random;
  private readonly story: Story;
  /** The half that it last decided for. */
  private chosen: readonly number[] = [];
  /** Counts decisions: words of an earlier one are void. */
  private decisions = 0;

  constructor(stations: ReadonlyMap<number, Station>, cast: Cast, time: Time, random: Random, story: Story) {
    this.connections = new Map([...stations].map(([id, station]) => [id, newConnection(station)]));
    this.cast = cast;
    this.time = time;
    this.random = random;
    this.story = story;
  }

  /** It is off, or comes back and knows nothing. `silently`: its machine says nothing of that. */
  setUp(isUp: boolean, silently = false): void {
    if (this.isUp === isUp) return;
    this.isUp = isUp;
    this.chosen = [];
    this.decisions += 1;
    for (const connection of this.connections.values()) close(connection);
    this.look(silently ? GIVEN_UP_BY_NODE : CLOSED);
  }

  /** Whether it can be reached from there. */
  setReach(id: number, isReached: boolean): void {
    if (isReached) this.cutOff.delete(id);
    else this.cutOff.add(id);
    this.look();
  }

  /** All of it is as it should be, and both nodes have its vote. */
  get isWell(): boolean {
    return [...this.connections.values()].every(({ station, told }) => station.vote && told === station.ring);
  }

  /** In a few words, for whoever watches. */
  get troubles(): readonly string[] {
    if (!this.isUp) return ['witness lost'];
    return [...this.cutOff].map((id) => `witness cut off from node ${id}`);
  }

  private reaches({ station }: Connection): boolean {
    return this.isUp && !this.cutOff.has(station.id) && station.alive && !station.stalled;
  }

  private after({ least, most }: Delay, then: () => void): Appointment {
    return this.time.after(this.random.between(least, most), then);
  }

  private word(then: () => void): void {
    this.after(this.slow ? SLOW_WORD : WORD, then);
  }

  /** Who reaches it may have changed. `ended`: a node whose process has ended, which closes its connection. */
  look(noticed: Delay = GIVEN_UP_BY_NODE, ended?: number): void {
    for (const connection of this.connections.values()) {
      const { station } = connection;
      if (this.reaches(connection)) this.find(connection);
      else {
        if (station.alive && !station.stalled && station.asks)
          connection.givenUpByNode ??= this.after(noticed, () => this.giveUp(connection));
        if (connection.isOpen)
          connection.givenUpByWitness ??= this.after(
            station.id === ended && !this.cutOff.has(ended) ? CLOSED : GIVEN_UP_BY_WITNESS,
            () => this.forget(connection),
          );
      }
    }
  }

  private find(connection: Connection): void {
    const { station } = connection;
    if (station.asks && connection.isOpen) {
      if (connection.givenUpByNode === undefined && connection.givenUpByWitness === undefined) return;
      keep(connection);
      // What was lost meanwhile is sent again.
      return this.tell(connection);
    }
    keep(connection);
    // It was given up, and hears of that as soon as it is there again.
    if (station.asks) this.giveUp(connection);
    connection.finding ??= this.after(FOUND, () => {
      connection.finding = undefined;
      if (!this.reaches(connection) || station.asks) return;
      station.asks = true;
      close(connection);
      connection.isOpen = true;
      this.tell(connection);
    });
  }

  /** The node's device has no witness any more. */
  private giveUp(connection: Connection): void {
    connection.givenUpByNode = undefined;
    const { station } = connection;
    if (!station.asks) return;
    station.asks = false;
    this.cast(station, false);
    if (this.reaches(connection)) this.find(connection);
  }

  /** The witness has given this node up. */
  private forget(connection: Connection): void {
    close(connection);
    this.decide();
    this.look();
  }

  /** A node is in a new ring. */
  ringFormed({ id }: Station): void {
    const connection = this.connections.get(id);
    if (connection?.station.asks === true) this.tell(connection);
  }

  private tell(connection: Connection): void {
    const { station } = connection;
    this.word(() => {
      if (!this.reaches(connection) || !station.asks) return;
      connection.told = station.ring;
      this.decide();
    });
  }

  private decide(): void {
    const present = [...this.connections.values()].flatMap((connection) =>
      connection.told === undefined ? [] : [{ connection, ring: connection.told }],
    );
    const told = new Map(present.map(({ connection, ring }) => [connection.station.id, ring]));
    const best = ffsplit(told, this.chosen);
    if (best === undefined) return;
    if (best.members.join() !== this.chosen.join())
      this.story.tell('witness', `votes for node ${best.members.join(', ')}`);
    this.chosen = best.members;
    this.decisions += 1;
    const decision = this.decisions;
    const losers = present.filter(({ ring }) => ring !== best);
    const winners = present.filter(({ ring }) => ring === best);
    let open = losers.length;
    const grant = (): void => {
      for (const { connection } of winners) this.answer(connection, best, decision, true);
    };
    if (open === 0) return grant();
    for (const { connection, ring } of losers)
      this.answer(connection, ring, decision, false, () => {
        open -= 1;
        if (open === 0) grant();
      });
  }

  /** An answer about a ring that has ended counts for nothing; whoever does not hear it will be given up. */
  private answer(
    connection: Connection,
    ring: Ring,
    decision: number,
    vote: boolean,
    then?: () => void,
  ): void {
    const { station } = connection;
    this.word(() => {
      if (decision !== this.decisions || !this.reaches(connection) || !station.asks) return;
      if (station.ring !== ring) return;
      this.cast(station, vote);
      then?.();
    });
  }
}
