import type { Random } from '../random.ts';
import type { Story } from '../story.ts';
import type { Time } from '../time.ts';
import { Replica, type Disk } from './replica.ts';

/** The two sides and the network between them; all parts of the mirror share it. */
export class Pair {
  readonly replicas: readonly [Replica, Replica];
  readonly time: Time;
  readonly random: Random;
  /** Somebody has made a split brain by hand: that they part then is no fault of anybody. */
  isSplitByHand = false;
  private readonly story: Story;
  private readonly isPowered: (name: string) => boolean;
  /** Whose packets are lost on the way. */
  private readonly unheard = new Set<string>();

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

  peer(replica: Replica): Replica {
    return this.replicas[0] === replica ? this.replicas[1] : this.replicas[0];
  }

  tell(replica: Replica, text: string): void {
    this.story.tell(`drbd ${replica.name}`, text);
  }

  setHeard(name: string, heard: boolean): void {
    if (heard) this.unheard.delete(name);
    else this.unheard.add(name);
  }

  get linkUp(): boolean {
    return this.unheard.size === 0;
  }

  /** Whether what this side sends reaches the other. */
  arrives(from: Replica): boolean {
    return !this.unheard.has(from.name) && this.replicas.every(({ name }) => this.isPowered(name));
  }

  canTalk(): boolean {
    return this.replicas.every((replica) => this.arrives(replica));
  }

  /** Both believe it, and it is so. */
  get isWhole(): boolean {
    return this.canTalk() && this.replicas.every(({ isConnected }) => isConnected);
  }

  setDisk(replica: Replica, disk: Disk): void {
    const { kernel, metaData } = replica;
    if (kernel === undefined || metaData === undefined) return;
    if (kernel.disk !== disk) this.tell(replica, `disk ${kernel.disk} -> ${disk}`);
    kernel.disk = disk;
    metaData.isConsistent = disk !== 'Inconsistent';
    metaData.wasUpToDate = disk === 'UpToDate' || (disk === 'Consistent' && metaData.wasUpToDate);
    if (this.isWhole) this.tellDisks();
    replica.changed();
  }

  /** Each side knows the other's disk as long as they talk. */
  tellDisks(): void {
    const [a, b] = this.replicas;
    if (a.kernel === undefined || b.kernel === undefined) return;
    a.kernel.peerDisk = b.kernel.disk;
    b.kernel.peerDisk = a.kernel.disk;
  }
}
