import { blankImage, type Change, type Image } from '../image.ts';
import type { Appointment } from '../time.ts';
import type { Word } from './handler.ts';

export type Disk = 'Inconsistent' | 'Outdated' | 'Consistent' | 'UpToDate';
export type Connection = 'StandAlone' | 'WFConnection' | 'Connected' | 'SyncSource' | 'SyncTarget';

/** On the disk, and so still there after a power cut. */
export interface MetaData {
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
export interface Attached {
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
  /** What it has of its own is lost when it next meets its peer, which has the data then. */
  discards: boolean;
  /** Counts the meetings with the peer. */
  meetings: number;
  /** One promotion at a time; those that wait for its end. Undefined: none is under way. */
  promoting: (() => void)[] | undefined;
}

export interface PendingWrite {
  readonly change: Change;
  readonly done: () => void;
}

/** Without a word of the handler the I/O stays frozen, and a promotion waits. */
type FencePeer = (answered: (word: Word) => void) => void;

/** One side of the mirror. */
export class Replica {
  readonly name: string;
  image: Image = blankImage();
  metaData: MetaData | undefined;
  /** Of the replacement that has put this disk here; on the disk of the system. */
  mark: string | undefined;
  /** Its kernel has let go of the disk: it is served by the peer, and cannot be outdated. */
  diskFailed = false;
  kernel: Attached | undefined;
  /** When this side will have noticed that the other does not answer. */
  loss: Appointment | undefined;
  /** Runs the fence-peer handler on this node. */
  fencePeer: FencePeer = () => undefined;
  changed: () => void = () => undefined;
  /** For whoever judges what is promoted. */
  promoted: () => void = () => undefined;

  constructor(name: string) {
    this.name = name;
  }

  get isPrimary(): boolean {
    return this.kernel?.role === 'Primary';
  }

  /**
   * Runs the handler. The kernel takes its word only where the two have not met since (`connect_cnt` in
   * `conn_try_outdate_peer` of drbd_nl.c, Linux 6.1).
   */
  askToFence(answered: (word: Word) => void): void {
    const { kernel } = this;
    const before = kernel?.meetings;
    this.fencePeer((word) => answered(kernel?.meetings === before ? word : 'nothing'));
  }

  /** By its own belief: the other side may have gone, or noticed already that this one has. */
  get isConnected(): boolean {
    const connection = this.kernel?.connection;
    return connection === 'Connected' || connection === 'SyncSource' || connection === 'SyncTarget';
  }
}

/** As `drbdadm create-md` makes it. */
export const blankMetaData = (): MetaData => ({
  current: 'just-created',
  bitmap: '',
  history: [],
  isConsistent: false,
  wasUpToDate: false,
  peerOutdated: false,
  wasPrimary: false,
});

export const attached = (data: MetaData): Attached => ({
  role: 'Secondary',
  disk: diskAfterAttach(data),
  peerDisk: data.peerOutdated ? 'Outdated' : 'DUnknown',
  connection: 'WFConnection',
  suspended: false,
  crashedPrimary: data.wasPrimary,
  newGenerationDue: false,
  discards: false,
  writes: [],
  meetings: 0,
  promoting: undefined,
});

const diskAfterAttach = (data: MetaData): Disk => {
  if (!data.isConsistent) return 'Inconsistent';
  if (!data.wasUpToDate) return 'Outdated';
  return data.peerOutdated ? 'UpToDate' : 'Consistent';
};
