import type { SessionSeen } from '../../src/model/index.ts';
import type { Mirror } from './drbd/mirror.ts';
import type { Replica } from './drbd/replica.ts';
import type { Change } from './image.ts';

/** What the kernel of one machine holds beside DRBD; all of it is gone with the power. */
export class Kernel {
  readonly name: string;
  readonly mirror: Mirror;
  readonly replica: Replica;
  private life = 0;
  volumeGroupActive = false;
  /** Volumes that are mapped. */
  readonly volumes = new Set<string>();
  targetEnabled = false;
  /** Whom the target lets in, and where, as it was told last. */
  targetAccess = '';
  /** Hosts that are logged in at the target. */
  sessions: readonly SessionSeen[] = [];
  /** LUNs by name, with their numbers and serials. */
  /** `access`: who sees it, as it was told last. */
  readonly luns = new Map<
    string,
    {
      readonly number: number;
      readonly serial: string;
      readonly access: string;
      /** Absent: the one of its name. */
      readonly volume?: string;
    }
  >();
  readonly addresses = new Set<string>();
  /** LVM's own writes that have not come back. */
  private metaDataWrites = 0;
  /** I/O of hosts that has been given to DRBD and has not come back. */
  ioInFlight = 0;

  constructor(mirror: Mirror, name: string) {
    this.name = name;
    this.mirror = mirror;
    this.replica = mirror.replica(name);
  }

  /** I/O does not come back: who waits for it waits in the kernel. */
  get isFrozen(): boolean {
    return this.replica.kernel?.suspended === true;
  }

  /** LVM waits until its own writes are on all disks that count. */
  get isWritingMetaData(): boolean {
    return this.metaDataWrites > 0;
  }

  writeMetaData(change: Change): void {
    this.metaDataWrites += 1;
    const { life } = this;
    this.mirror.write(this.replica, change, () => {
      if (life === this.life) this.metaDataWrites -= 1;
    });
  }

  /** Everything a host needs to reach the volume. */
  serves(lun: string): boolean {
    return (
      this.addresses.size > 0 &&
      this.targetEnabled &&
      this.luns.has(lun) &&
      this.volumes.has(this.luns.get(lun)?.volume ?? lun) &&
      this.replica.isPrimary
    );
  }

  get isActive(): boolean {
    return (
      this.volumeGroupActive ||
      this.targetEnabled ||
      this.luns.size > 0 ||
      this.addresses.size > 0 ||
      this.replica.isPrimary
    );
  }

  losePower(): void {
    this.volumeGroupActive = false;
    this.volumes.clear();
    this.targetEnabled = false;
    this.luns.clear();
    this.addresses.clear();
    this.ioInFlight = 0;
    this.metaDataWrites = 0;
    this.life += 1;
    this.mirror.crash(this.replica);
  }
}
