import type { Appointment } from '../time.ts';
import { ANY_LIE, Violation } from '../violation.ts';
import { newGeneration, sourceOf } from './generations.ts';
import type { Pair } from './pair.ts';
import type { Attached, Replica } from './replica.ts';
import type { Resync } from './resync.ts';
import type { Writes } from './writes.ts';

/**
 * A side that hears nothing of the other notices after its own pings' time, which differs from the other's: a ping every
 * 3 s, and half a second for its answer (`agents/drbd/resource-file.ts`). Milliseconds.
 */
const LOSS_SEEN = { least: 500, most: 4000 };
/** A side whose peer has already given the connection up is told so by the network, once that carries again. */
const RESET_SEEN = { least: 1, most: 20 };
const CONNECT = { least: 200, most: 3500 };

/** How the two sides find and lose each other, and what a Primary without its peer waits for. */
export class Connections {
  private readonly pair: Pair;
  private readonly writes: Writes;
  private readonly resync: Resync;
  private connecting: Appointment | undefined;

  constructor(pair: Pair, writes: Writes, resync: Resync) {
    this.pair = pair;
    this.writes = writes;
    this.resync = resync;
  }

  /** Something between the two has changed. */
  reconsider(): void {
    const { pair } = this;
    const [a, b] = pair.replicas;
    if (pair.isWhole) {
      for (const replica of [a, b]) {
        replica.loss?.cancel();
        replica.loss = undefined;
        // What was lost on the way is sent again, where the loss was too short to be noticed.
        this.writes.repeat(replica);
      }
      pair.tellDisks();
      return;
    }
    for (const replica of [a, b]) if (replica.isConnected) this.noticeLater(replica);
    this.connectLater();
  }

  private noticeLater(replica: Replica): void {
    const { pair } = this;
    const isReset = pair.canTalk();
    if (replica.loss !== undefined && !isReset) return;
    replica.loss?.cancel();
    const { least, most } = isReset ? RESET_SEEN : LOSS_SEEN;
    replica.loss = pair.time.after(pair.random.between(least, most), () => {
      replica.loss = undefined;
      if (pair.isWhole || !replica.isConnected) return;
      this.lose(replica, 'DUnknown');
      this.reconsider();
    });
  }

  /** The peer is out of reach. A Primary stands still until it knows that the peer is no danger. */
  lose(replica: Replica, peerDisk: 'DUnknown' | 'Outdated'): void {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return;
    this.resync.stop();
    replica.loss?.cancel();
    replica.loss = undefined;
    kernel.connection = 'WFConnection';
    kernel.peerDisk = peerDisk;
    if (peerDisk === 'Outdated') metaData.peerOutdated = true;
    this.pair.tell(replica, `${kernel.role} lost its peer: ${kernel.disk}/${peerDisk}`);
    if (kernel.role === 'Primary') {
      if (metaData.bitmap === '') kernel.newGenerationDue = true;
      if (peerDisk === 'DUnknown') this.freeze(replica, kernel);
      else this.writes.repeat(replica);
    }
    replica.changed();
  }

  private freeze(replica: Replica, kernel: Attached): void {
    kernel.suspended = true;
    this.pair.tell(replica, 'is frozen and asks to fence the peer');
    replica.askToFence((word) => {
      if (replica.kernel !== kernel || !kernel.suspended || replica.isConnected) return;
      // A Primary without its peer cannot be outdated: the kernel refuses that.
      if (word !== 'the peer is outdated') return;
      kernel.peerDisk = 'Outdated';
      if (replica.metaData !== undefined) replica.metaData.peerOutdated = true;
      this.thaw(replica, kernel);
      if (kernel.newGenerationDue) {
        kernel.newGenerationDue = false;
        newGeneration(replica, this.pair.random);
      }
    });
  }

  private thaw(replica: Replica, kernel: Attached): void {
    kernel.suspended = false;
    this.pair.tell(replica, 'goes on');
    this.writes.repeat(replica);
    replica.changed();
  }

  connectLater(): void {
    if (this.connecting !== undefined) return;
    const { pair } = this;
    this.connecting = pair.time.after(pair.random.between(CONNECT.least, CONNECT.most), () => {
      this.connecting = undefined;
      const [a, b] = pair.replicas;
      if (a.kernel === undefined || b.kernel === undefined || !pair.canTalk()) return;
      if (a.kernel.connection !== 'WFConnection' || b.kernel.connection !== 'WFConnection') return;
      this.handshake({ replica: a, kernel: a.kernel }, { replica: b, kernel: b.kernel });
    });
  }

  private part(a: Side, b: Side): void {
    if (!this.pair.isSplitByHand) throw new Violation('S6', 'DRBD has found a split brain', ANY_LIE);
    for (const { replica, kernel } of [a, b]) {
      this.pair.tell(replica, 'a split brain: StandAlone');
      kernel.connection = 'StandAlone';
      replica.changed();
    }
  }

  private handshake(a: Side, b: Side): void {
    if (a.kernel.role === 'Primary' && b.kernel.role === 'Primary')
      throw new Violation('S1', 'two Primaries met when they connected', ANY_LIE);
    const source = sourceOfMeeting(a, b);
    // The kernel takes that word for one meeting only.
    for (const { kernel } of [a, b]) kernel.discards = false;
    if (source === 'split-brain') return this.part(a, b);
    const sides = [a, b];
    for (const { replica, kernel } of sides) {
      kernel.connection = 'Connected';
      kernel.meetings += 1;
      kernel.newGenerationDue = false;
      if (replica.metaData !== undefined) replica.metaData.peerOutdated = false;
    }
    this.pair.tellDisks();
    this.pair.tell(
      a.replica,
      `connected: ${a.kernel.role}/${b.kernel.role} ${a.kernel.disk}/${b.kernel.disk}`,
    );
    if (source !== undefined) this.resync.start(source, this.pair.peer(source));
    else
      for (const { replica, kernel } of sides) {
        if (kernel.disk === 'Consistent' || kernel.disk === 'Outdated')
          this.pair.setDisk(replica, 'UpToDate');
        kernel.crashedPrimary = false;
      }
    for (const { replica, kernel } of sides) if (kernel.suspended) this.thaw(replica, kernel);
    for (const { replica } of sides) replica.changed();
  }
}

/** As it is chosen where it would be a split brain. */
function sourceOfMeeting(a: Side, b: Side): ReturnType<typeof sourceOf> {
  const source = sourceOf(a, b);
  if (source !== 'split-brain' || a.kernel.discards === b.kernel.discards) return source;
  return a.kernel.discards ? b.replica : a.replica;
}

interface Side {
  readonly replica: Replica;
  readonly kernel: Attached;
}
