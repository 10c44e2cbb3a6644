import type { Change } from '../image.ts';
import type { Random } from '../random.ts';
import type { Story } from '../story.ts';
import type { Time } from '../time.ts';
import { Connections } from './connection.ts';
import { newGeneration } from './generations.ts';
import { Pair } from './pair.ts';
import { attached, blankMetaData, type Replica } from './replica.ts';
import { Resync } from './resync.ts';
import { Writes } from './writes.ts';

/** How often a change that the other side must agree to is tried anew, where nobody answers. Milliseconds. */
const AGREE_AGAIN = 200;
/** A promotion asks the handler so often. */
const ATTEMPTS = 4;

/** A pair of DRBD 8.4 disks: protocol C, fencing resource-and-stonith. What the commands and the kernel do to it. */
export class Mirror {
  private readonly pair: Pair;
  private readonly writes: Writes;
  private readonly resync: Resync;
  private readonly connections: Connections;

  constructor(
    names: readonly [string, string],
    isPowered: (name: string) => boolean,
    time: Time,
    random: Random,
    story: Story,
  ) {
    this.pair = new Pair(names, isPowered, time, random, story);
    this.writes = new Writes(this.pair);
    this.resync = new Resync(this.pair);
    this.connections = new Connections(this.pair, this.writes, this.resync);
  }

  replica(name: string): Replica {
    const found = this.pair.replicas.find((replica) => replica.name === name);
    if (found === undefined) throw new Error(`no replica ${name}`);
    return found;
  }

  get linkUp(): boolean {
    return this.pair.linkUp;
  }

  /** The replication network, in both directions. */
  setLink(up: boolean): void {
    for (const { name } of this.pair.replicas) this.pair.setHeard(name, up);
    this.connections.reconsider();
  }

  /** Whether what this side sends arrives. */
  setHeard(name: string, heard: boolean): void {
    this.pair.setHeard(name, heard);
    this.connections.reconsider();
  }

  /** `drbdadm up`. */
  attach(replica: Replica, mayCreate: boolean): boolean {
    const { kernel } = replica;
    if (kernel !== undefined) {
      if (kernel.connection === 'StandAlone') kernel.connection = 'WFConnection';
      this.connections.connectLater();
      return true;
    }
    if (replica.metaData === undefined && !mayCreate) return false;
    replica.metaData ??= blankMetaData();
    replica.kernel = attached(replica.metaData);
    this.pair.tell(replica, `up: ${replica.kernel.disk}/${replica.kernel.peerDisk}`);
    this.connections.reconsider();
    return true;
  }

  /** `drbdadm connect`, and with `discards` one that waits already is taken down before. */
  reconnect(replica: Replica, discards: boolean): void {
    const { kernel } = replica;
    if (kernel === undefined || replica.isConnected) return;
    if (discards) kernel.discards = true;
    kernel.connection = 'WFConnection';
    replica.changed();
    this.connections.connectLater();
  }

  /**
   * What people do by hand: fencing switched off on both sides, the mirror disconnected, and a write to the copy that
   * does not serve. Both have data then that the other lacks.
   */
  splitByHand(change: Change): void {
    this.pair.isSplitByHand = true;
    this.resync.stop();
    for (const replica of this.pair.replicas) {
      const { kernel } = replica;
      if (kernel === undefined) throw new Error(`the mirror of ${replica.name} is down`);
      replica.loss?.cancel();
      replica.loss = undefined;
      kernel.connection = 'StandAlone';
      kernel.peerDisk = 'DUnknown';
      newGeneration(replica, this.pair.random);
      this.pair.tell(replica, 'disconnected by hand, and written to');
      if (kernel.role === 'Secondary') change(replica.image);
      else this.writes.repeat(replica);
      replica.changed();
    }
  }

  /** `drbdadm down`, which demotes first; a Primary learns that its peer is outdated from now on. False: not yet. */
  detach(replica: Replica): boolean {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return true;
    if (replica.isPrimary && !this.demote(replica)) return false;
    if (kernel.promoting !== undefined) return false;
    if (replica.isConnected && !this.pair.isWhole) return false;
    const peer = this.pair.peer(replica);
    if (replica.isConnected) {
      if (peer.isPrimary) {
        if (kernel.disk === 'UpToDate') this.pair.setDisk(replica, 'Outdated');
        this.connections.lose(peer, replica.diskFailed ? 'DUnknown' : 'Outdated');
      } else this.connections.lose(peer, 'DUnknown');
    }
    replica.loss?.cancel();
    replica.loss = undefined;
    replica.kernel = undefined;
    this.pair.tell(replica, 'down');
    replica.changed();
    return true;
  }

  /** The machine has lost its power. */
  crash(replica: Replica): void {
    replica.kernel = undefined;
    replica.loss?.cancel();
    replica.loss = undefined;
    this.connections.reconsider();
  }

  /**
   * Calls back with the kernel's refusal, or undefined. Asks the handler where the peer's fate is unknown; whatever else
   * changes the role, or takes the disk down, waits for its end (the kernel's mutex of the resource), even where nobody
   * waits for the answer any more.
   */
  promote(replica: Replica, answered: (refusal: string | undefined) => void): void {
    const { kernel } = replica;
    if (kernel === undefined) return answered('not up');
    if (kernel.promoting !== undefined)
      return void kernel.promoting.push(() => this.promote(replica, answered));
    kernel.promoting = [];
    this.tryToPromote(replica, (refusal) => {
      const waiting = kernel.promoting ?? [];
      kernel.promoting = undefined;
      answered(refusal);
      for (const next of waiting) next();
    });
  }

  private tryToPromote(replica: Replica, answered: (refusal: string | undefined) => void, attempt = 1): void {
    const { kernel, metaData } = replica;
    const { pair } = this;
    if (kernel === undefined || metaData === undefined) return answered('not up');
    if (kernel.role === 'Primary') return answered(undefined);
    const again = (delay: number, next: number): void => {
      pair.time.after(delay, () => {
        if (replica.kernel === kernel) this.tryToPromote(replica, answered, next);
      });
    };
    // The other side must agree, and until this one has noticed that nobody answers, it waits for that.
    if (replica.isConnected && !pair.isWhole) return again(AGREE_AGAIN, attempt);
    const peer = pair.peer(replica);
    if (replica.isConnected && peer.isPrimary) return answered('Multiple primaries not allowed by config');
    const hasData = replica.isConnected && kernel.peerDisk === 'UpToDate';
    const isOld = kernel.disk === 'Outdated' && !replica.isConnected;
    if ((kernel.disk === 'Inconsistent' && !hasData) || isOld)
      return answered('Need access to UpToDate data');
    const mustAsk = !replica.isConnected && (kernel.peerDisk === 'DUnknown' || kernel.disk === 'Consistent');
    if (!mustAsk) {
      this.becomePrimary(replica);
      return answered(undefined);
    }
    if (attempt > ATTEMPTS) return answered('Refusing to be Primary while peer is not outdated');
    pair.tell(replica, `asks to fence the peer before it is promoted (${attempt})`);
    replica.askToFence((word) => {
      if (replica.kernel !== kernel) return;
      if (word === 'the peer is outdated' && !replica.isConnected) {
        kernel.peerDisk = 'Outdated';
        metaData.peerOutdated = true;
        if (kernel.disk === 'Consistent') pair.setDisk(replica, 'UpToDate');
      }
      if (word === 'the peer serves' && !replica.isConnected && kernel.disk !== 'Inconsistent')
        pair.setDisk(replica, 'Outdated');
      again(pair.random.between(10, 1000), attempt + 1);
    });
  }

  private becomePrimary(replica: Replica): void {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return;
    kernel.role = 'Primary';
    kernel.crashedPrimary = false;
    metaData.wasPrimary = true;
    if (!replica.isConnected && metaData.bitmap === '') newGeneration(replica, this.pair.random);
    this.pair.tell(replica, `Primary: ${kernel.disk}/${kernel.peerDisk} ${kernel.connection}`);
    replica.promoted();
    replica.changed();
    this.pair.peer(replica).changed();
  }

  /** The first data of a new pair, of which neither has any. False: not yet. */
  force(replica: Replica): boolean {
    const { kernel } = replica;
    const peer = this.pair.peer(replica);
    if (kernel === undefined) return false;
    if (kernel.disk === 'UpToDate' || kernel.peerDisk === 'UpToDate') return true;
    const isBlank = kernel.disk === 'Inconsistent' && peer.kernel?.disk === 'Inconsistent';
    if (kernel.connection !== 'Connected' || !this.pair.isWhole || !isBlank) return false;
    this.pair.setDisk(replica, 'UpToDate');
    newGeneration(replica, this.pair.random);
    kernel.role = 'Primary';
    if (replica.metaData !== undefined) replica.metaData.wasPrimary = true;
    this.pair.tell(replica, 'Primary by force, the pair’s first data');
    this.resync.start(replica, peer);
    return true;
  }

  /** False: not yet. */
  demote(replica: Replica): boolean {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return true;
    if (kernel.promoting !== undefined) return false;
    kernel.role = 'Secondary';
    metaData.wasPrimary = false;
    this.pair.tell(replica, 'Secondary');
    replica.changed();
    this.pair.peer(replica).changed();
    return true;
  }

  /** `done` is called when the write is on both disks, or on the only one that counts. */
  write(replica: Replica, change: Change, done: () => void): void {
    this.writes.write(replica, change, done);
  }

  /** The number of the newest write to the block that a reader on this side sees; 0: none. */
  read(replica: Replica, block: number): number {
    const isRemote = replica.kernel?.disk === 'Inconsistent' && replica.isConnected;
    const { image } = isRemote ? this.pair.peer(replica) : replica;
    return image.blocks.get(block) ?? 0;
  }
}
