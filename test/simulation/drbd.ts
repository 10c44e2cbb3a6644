import { blankImage, copyImage, type Change, type Image } from './image.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { Appointment, Time } from './time.ts';
import { Violation } from './violation.ts';

export type Disk = 'Inconsistent' | 'Outdated' | 'Consistent' | 'UpToDate';
export type Connection = 'StandAlone' | 'WFConnection' | 'Connected' | 'SyncSource' | 'SyncTarget';

/** On the disk, and so still there after a power cut. */
interface MetaData {
  current: string;
  /** Since when the peer has been missing changes; empty: it misses none. */
  bitmap: string;
  readonly history: string[];
  isConsistent: boolean;
  wasUpToDate: boolean;
  peerOutdated: boolean;
  wasPrimary: boolean;
}

/** What the kernel holds; gone with the power. */
interface Attached {
  role: 'Primary' | 'Secondary';
  disk: Disk;
  peerDisk: Disk | 'DUnknown';
  connection: Connection;
  /** A Primary that lost its peer waits for the word of the fence-peer handler. */
  suspended: boolean;
  /** It was Primary when it went down: what it wrote last may differ from the peer's. */
  crashedPrimary: boolean;
  /** A new generation begins with the next write. */
  newGenerationDue: boolean;
  writes: PendingWrite[];
}

interface PendingWrite {
  readonly change: Change;
  readonly done: () => void;
}

/** Another handler's word than `stonithed`, or none: the I/O stays frozen. */
type FencePeer = (answered: (stonithed: boolean) => void) => void;

const LINK_LOSS_SEEN = { least: 1500, most: 7000 };

/** One side of the mirror. */
export class Replica {
  readonly name: string;
  image: Image = blankImage();
  metaData: MetaData | undefined;
  kernel: Attached | undefined;
  /** Runs the fence-peer handler on this node. */
  fencePeer: FencePeer = () => undefined;
  changed: () => void = () => undefined;

  constructor(name: string) {
    this.name = name;
  }

  get isPrimary(): boolean {
    return this.kernel?.role === 'Primary';
  }
}

/** A pair of DRBD 8.4 disks: protocol C, fencing resource-and-stonith. */
export class Mirror {
  readonly replicas: readonly [Replica, Replica];
  linkUp = true;
  private readonly time: Time;
  private readonly random: Random;
  private readonly story: Story;
  private connecting: Appointment | undefined;
  private resync: Appointment | undefined;
  private loss: Appointment | undefined;
  private readonly isPowered: (name: string) => boolean;

  constructor(
    names: readonly [string, string],
    isPowered: (name: string) => boolean,
    time: Time,
    random: Random,
    story: Story,
  ) {
    this.replicas = [new Replica(names[0]), new Replica(names[1])];
    this.isPowered = isPowered;
    this.time = time;
    this.random = random;
    this.story = story;
  }

  replica(name: string): Replica {
    const found = this.replicas.find((replica) => replica.name === name);
    if (found === undefined) throw new Error(`no replica ${name}`);
    return found;
  }

  private peer(replica: Replica): Replica {
    return this.replicas[0] === replica ? this.replicas[1] : this.replicas[0];
  }

  private tell(replica: Replica, text: string): void {
    this.story.tell(`drbd ${replica.name}`, text);
  }

  /** `drbdadm up`. */
  attach(replica: Replica, mayCreate: boolean): boolean {
    if (replica.kernel !== undefined) {
      if (replica.kernel.connection === 'StandAlone') replica.kernel.connection = 'WFConnection';
      this.connectLater();
      return true;
    }
    if (replica.metaData === undefined) {
      if (!mayCreate) return false;
      replica.metaData = {
        current: 'just-created',
        bitmap: '',
        history: [],
        isConsistent: false,
        wasUpToDate: false,
        peerOutdated: false,
        wasPrimary: false,
      };
    }
    const data = replica.metaData;
    const peerDisk = data.peerOutdated ? 'Outdated' : 'DUnknown';
    replica.kernel = {
      role: 'Secondary',
      disk: diskAfterAttach(data),
      peerDisk,
      connection: 'WFConnection',
      suspended: false,
      crashedPrimary: data.wasPrimary,
      newGenerationDue: false,
      writes: [],
    };
    this.tell(replica, `up: ${replica.kernel.disk}/${peerDisk}`);
    this.connectLater();
    return true;
  }

  /** `drbdadm down` of a Secondary; its Primary learns that it is outdated from now on. */
  detach(replica: Replica): void {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return;
    if (kernel.role === 'Primary') throw new Violation('model', 'a Primary was taken down');
    const peer = this.peer(replica);
    if (this.isConnected(replica) && peer.kernel !== undefined) {
      this.stopResync();
      if (peer.kernel.role === 'Primary') {
        if (kernel.disk === 'UpToDate') this.setDisk(replica, 'Outdated');
        this.disconnected(peer, 'Outdated');
      } else this.disconnected(peer, 'DUnknown');
    }
    replica.kernel = undefined;
    this.tell(replica, 'down');
    replica.changed();
  }

  /** The machine has lost its power. */
  crash(replica: Replica): void {
    replica.kernel = undefined;
    this.lossLater();
  }

  setLink(up: boolean): void {
    this.linkUp = up;
    if (!up) return this.lossLater();
    this.connectLater();
    // What was lost on the way is sent again, where the loss was too short to be noticed.
    for (const replica of this.replicas)
      if (this.isConnected(replica))
        for (const write of [...(replica.kernel?.writes ?? [])]) this.carryOut(replica, write);
  }

  /** Calls back with the kernel's refusal, or undefined. Asks the handler where the peer's fate is unknown. */
  promote(replica: Replica, answered: (refusal: string | undefined) => void, attempt = 1): void {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return answered('not up');
    if (kernel.role === 'Primary') return answered(undefined);
    const peer = this.peer(replica);
    if (this.isConnected(replica) && peer.isPrimary)
      return answered('Multiple primaries not allowed by config');
    if (kernel.disk === 'Inconsistent' && !(this.isConnected(replica) && kernel.peerDisk === 'UpToDate'))
      return answered('Need access to UpToDate data');
    if (kernel.disk === 'Outdated' && !this.isConnected(replica))
      return answered('Need access to UpToDate data');
    const mustAsk =
      !this.isConnected(replica) && (kernel.peerDisk === 'DUnknown' || kernel.disk === 'Consistent');
    if (!mustAsk) {
      this.becomePrimary(replica);
      return answered(undefined);
    }
    if (attempt > 4) return answered('Refusing to be Primary while peer is not outdated');
    this.tell(replica, `asks to fence the peer before it is promoted (${attempt})`);
    replica.fencePeer((stonithed) => {
      if (replica.kernel !== kernel) return;
      if (stonithed && !this.isConnected(replica)) {
        kernel.peerDisk = 'Outdated';
        metaData.peerOutdated = true;
        if (kernel.disk === 'Consistent') this.setDisk(replica, 'UpToDate');
      }
      this.time.after(this.random.between(10, 1000), () => {
        if (replica.kernel === kernel) this.promote(replica, answered, attempt + 1);
      });
    });
  }

  private becomePrimary(replica: Replica): void {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return;
    kernel.role = 'Primary';
    kernel.crashedPrimary = false;
    metaData.wasPrimary = true;
    if (!this.isConnected(replica) && metaData.bitmap === '') this.newGeneration(replica);
    this.tell(replica, `Primary: ${kernel.disk}/${kernel.peerDisk} ${kernel.connection}`);
    replica.changed();
    this.peer(replica).changed();
  }

  /** The first data of a new pair, of which neither has any. */
  force(replica: Replica): boolean {
    const { kernel } = replica;
    const peer = this.peer(replica);
    if (kernel === undefined) return false;
    if (kernel.disk === 'UpToDate' || kernel.peerDisk === 'UpToDate') return true;
    if (
      kernel.connection !== 'Connected' ||
      kernel.disk !== 'Inconsistent' ||
      peer.kernel?.disk !== 'Inconsistent'
    )
      return false;
    this.setDisk(replica, 'UpToDate');
    this.newGeneration(replica);
    kernel.role = 'Primary';
    if (replica.metaData !== undefined) replica.metaData.wasPrimary = true;
    this.tell(replica, 'Primary by force, the pair’s first data');
    this.startResync(replica, peer);
    return true;
  }

  demote(replica: Replica): void {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return;
    kernel.role = 'Secondary';
    metaData.wasPrimary = false;
    this.tell(replica, 'Secondary');
    replica.changed();
    this.peer(replica).changed();
  }

  /** `done` is called when the write is on both disks, or on the only one that counts. */
  write(replica: Replica, change: Change, done: () => void): void {
    const { kernel } = replica;
    if (kernel?.role !== 'Primary') throw new Violation('model', 'a write to what is not Primary');
    const write = { change, done };
    kernel.writes.push(write);
    if (!kernel.suspended) this.carryOut(replica, write);
  }

  private carryOut(replica: Replica, write: PendingWrite): void {
    const { kernel } = replica;
    if (kernel === undefined) return;
    if (kernel.newGenerationDue) {
      kernel.newGenerationDue = false;
      this.newGeneration(replica);
    }
    this.time.after(this.random.fraction() * 2, () => {
      if (replica.kernel !== kernel || !kernel.writes.includes(write)) return;
      write.change(replica.image);
      this.time.after(this.random.fraction() * 3, () => {
        if (replica.kernel !== kernel || !kernel.writes.includes(write) || kernel.suspended) return;
        if (!this.isConnected(replica)) return this.finish(kernel, write);
        const peer = this.peer(replica);
        if (!this.canTalk()) return; // Nothing comes back; the loss of the link is noticed in time.
        write.change(peer.image);
        this.time.after(this.random.fraction(), () => {
          if (replica.kernel === kernel && this.canTalk() && !kernel.suspended) this.finish(kernel, write);
        });
      });
    });
  }

  private finish(kernel: Attached, write: PendingWrite): void {
    const index = kernel.writes.indexOf(write);
    if (index < 0) return;
    kernel.writes.splice(index, 1);
    write.done();
  }

  isConnected(replica: Replica): boolean {
    const connection = replica.kernel?.connection;
    return connection === 'Connected' || connection === 'SyncSource' || connection === 'SyncTarget';
  }

  private canTalk(): boolean {
    return this.linkUp && this.replicas.every(({ name }) => this.isPowered(name));
  }

  private lossLater(): void {
    this.loss?.cancel();
    const delay = this.random.between(LINK_LOSS_SEEN.least, LINK_LOSS_SEEN.most);
    this.loss = this.time.after(delay, () => {
      const isWhole = this.canTalk() && this.replicas.every((replica) => this.isConnected(replica));
      if (isWhole) return;
      this.stopResync();
      for (const replica of this.replicas)
        if (this.isConnected(replica)) this.disconnected(replica, 'DUnknown');
      this.connectLater();
    });
  }

  /** The peer is out of reach. A Primary stands still until it knows that the peer is no danger. */
  private disconnected(replica: Replica, peerDisk: 'DUnknown' | 'Outdated'): void {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return;
    kernel.connection = 'WFConnection';
    kernel.peerDisk = peerDisk;
    if (peerDisk === 'Outdated') metaData.peerOutdated = true;
    this.tell(replica, `${kernel.role} lost its peer: ${kernel.disk}/${peerDisk}`);
    if (kernel.role === 'Primary') {
      if (metaData.bitmap === '') kernel.newGenerationDue = true;
      if (peerDisk === 'DUnknown') this.freeze(replica, kernel);
      else for (const write of [...kernel.writes]) this.carryOut(replica, write);
    }
    replica.changed();
  }

  private freeze(replica: Replica, kernel: Attached): void {
    kernel.suspended = true;
    this.tell(replica, 'is frozen and asks to fence the peer');
    replica.fencePeer((stonithed) => {
      if (replica.kernel !== kernel || !kernel.suspended || this.isConnected(replica)) return;
      if (!stonithed) return;
      kernel.peerDisk = 'Outdated';
      if (replica.metaData !== undefined) replica.metaData.peerOutdated = true;
      this.thaw(replica, kernel);
      if (kernel.newGenerationDue) {
        kernel.newGenerationDue = false;
        this.newGeneration(replica);
      }
    });
  }

  private thaw(replica: Replica, kernel: Attached): void {
    kernel.suspended = false;
    this.tell(replica, 'goes on');
    for (const write of [...kernel.writes]) this.carryOut(replica, write);
    replica.changed();
  }

  private newGeneration(replica: Replica): void {
    const data = replica.metaData;
    if (data === undefined) return;
    if (data.bitmap === '') data.bitmap = data.current;
    else data.history.push(data.current);
    data.current = this.random.hex(8);
  }

  private setDisk(replica: Replica, disk: Disk): void {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return;
    if (kernel.disk !== disk) this.tell(replica, `disk ${kernel.disk} -> ${disk}`);
    kernel.disk = disk;
    metaData.isConsistent = disk !== 'Inconsistent';
    metaData.wasUpToDate = disk === 'UpToDate' || (disk === 'Consistent' && metaData.wasUpToDate);
    const peer = this.peer(replica);
    if (peer.kernel !== undefined && this.isConnected(peer)) peer.kernel.peerDisk = disk;
    replica.changed();
  }

  private connectLater(): void {
    if (this.connecting !== undefined) return;
    this.connecting = this.time.after(this.random.between(200, 3500), () => {
      this.connecting = undefined;
      const [a, b] = this.replicas;
      if (a.kernel === undefined || b.kernel === undefined || !this.canTalk()) return;
      if (a.kernel.connection !== 'WFConnection' || b.kernel.connection !== 'WFConnection') return;
      this.handshake(a, b, a.kernel, b.kernel);
    });
  }

  private handshake(a: Replica, b: Replica, ka: Attached, kb: Attached): void {
    if (ka.role === 'Primary' && kb.role === 'Primary')
      throw new Violation('S1', 'two Primaries met when they connected');
    const source = this.sourceOf(a, b, ka, kb);
    if (source === 'split-brain') throw new Violation('S6', 'DRBD has found a split brain');
    for (const [replica, kernel, other] of [
      [a, ka, kb],
      [b, kb, ka],
    ] as const) {
      kernel.connection = 'Connected';
      kernel.peerDisk = other.disk;
      kernel.newGenerationDue = false;
      if (replica.metaData !== undefined) replica.metaData.peerOutdated = false;
    }
    this.tell(a, `connected: ${ka.role}/${kb.role} ${ka.disk}/${kb.disk}`);
    if (source !== undefined) this.startResync(source, this.peer(source));
    else
      for (const replica of [a, b]) {
        if (replica.kernel?.disk === 'Consistent' || replica.kernel?.disk === 'Outdated')
          this.setDisk(replica, 'UpToDate');
        if (replica.kernel !== undefined) replica.kernel.crashedPrimary = false;
      }
    for (const [replica, kernel] of [
      [a, ka],
      [b, kb],
    ] as const)
      if (kernel.suspended) this.thaw(replica, kernel);
    a.changed();
    b.changed();
  }

  /** Whose data is newer, by the generations that both have written down. */
  private sourceOf(a: Replica, b: Replica, ka: Attached, kb: Attached): Replica | 'split-brain' | undefined {
    const ma = a.metaData;
    const mb = b.metaData;
    if (ma === undefined || mb === undefined) return undefined;
    if (ma.current === mb.current) {
      if (ma.current === 'just-created') return undefined;
      if (!ma.isConsistent || !mb.isConsistent) return ma.isConsistent ? a : mb.isConsistent ? b : undefined;
      // The same generation: one of them may have been written to last, in the moment of a crash.
      if (ka.role === 'Primary' || (ka.crashedPrimary && kb.role !== 'Primary'))
        return ka.crashedPrimary || kb.crashedPrimary ? a : undefined;
      if (kb.role === 'Primary' || kb.crashedPrimary)
        return kb.crashedPrimary || ka.crashedPrimary ? b : undefined;
      return undefined;
    }
    if (ma.current === 'just-created') return b;
    if (mb.current === 'just-created') return a;
    if (ma.bitmap === mb.current || ma.history.includes(mb.current)) return a;
    if (mb.bitmap === ma.current || mb.history.includes(ma.current)) return b;
    return 'split-brain';
  }

  private startResync(source: Replica, target: Replica): void {
    if (source.kernel === undefined || target.kernel === undefined) return;
    this.setDisk(source, 'UpToDate');
    this.setDisk(target, 'Inconsistent');
    source.kernel.connection = 'SyncSource';
    target.kernel.connection = 'SyncTarget';
    target.kernel.crashedPrimary = false;
    this.tell(source, `is the source of a resync`);
    source.changed();
    target.changed();
    this.resync?.cancel();
    // Mixed from now on: some blocks are new, others old.
    for (const [block, number] of source.image.blocks)
      if (this.random.chance(0.5)) target.image.blocks.set(block, number);
    this.endResyncAfter(this.random.between(1000, 20_000), source, target);
  }

  private endResyncAfter(delay: number, source: Replica, target: Replica): void {
    this.resync = this.time.after(delay, () => {
      this.resync = undefined;
      if (this.canTalk()) this.endResync(source, target);
      else this.endResyncAfter(500, source, target);
    });
  }

  private endResync(source: Replica, target: Replica): void {
    if (source.kernel === undefined || target.kernel === undefined) return;
    if (source.metaData === undefined || target.metaData === undefined) return;
    target.image = copyImage(source.image);
    source.metaData.history.push(source.metaData.bitmap);
    source.metaData.bitmap = '';
    target.metaData.current = source.metaData.current;
    target.metaData.bitmap = '';
    target.metaData.history.splice(0, Infinity, ...source.metaData.history);
    source.kernel.connection = 'Connected';
    target.kernel.connection = 'Connected';
    this.setDisk(target, 'UpToDate');
    this.tell(target, 'resync done');
    source.changed();
  }

  private stopResync(): void {
    this.resync?.cancel();
    this.resync = undefined;
  }
}

const diskAfterAttach = (data: MetaData): Disk => {
  if (!data.isConsistent) return 'Inconsistent';
  if (!data.wasUpToDate) return 'Outdated';
  return data.peerOutdated ? 'UpToDate' : 'Consistent';
};
