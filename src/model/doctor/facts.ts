import type { Bytes, Milliseconds } from '../units.ts';
import type { Look } from './look.ts';

/**
 * What was seen of one node, in plain words and numbers, without a judgement. It travels between nodes as JSON; nothing
 * in it is secret.
 */
export interface NodeFacts {
  /** Of Keelson: facts of another version are not read. */
  readonly version: string;
  readonly hostName: string;
  readonly looks: { readonly [Name in keyof Looks]: Look<Looks[Name]> };
}

export interface Looks {
  readonly release: { readonly id: string; readonly version: string; readonly name: string };
  readonly machine: {
    readonly kernel: string;
    /** What systemd-detect-virt calls it; `none` on metal. */
    readonly virtual: string;
    readonly container: string;
  };
  readonly modules: readonly ModuleFacts[];
  /** The version of the DRBD that is loaded, or would be; undefined: there is none. */
  readonly drbd: string | undefined;
  /** Those asked for that are not there. */
  readonly missingPrograms: readonly ProgramNeed[];
  readonly memory: {
    readonly total: Bytes;
    readonly available: Bytes;
    /** Processes ended for lack of memory since the boot. */
    readonly killed: number;
  };
  readonly swaps: readonly string[];
  readonly spaces: readonly { readonly folder: string; readonly free: Bytes; readonly total: Bytes }[];
  readonly disks: readonly DiskFacts[];
  /** What is below /dev/disk/by-id, and the device that each name leads to. */
  readonly diskNames: Readonly<Record<string, string>>;
  /** Of the disks asked for, by the path that was given. */
  readonly contents: readonly ContentFacts[];
  readonly units: readonly UnitFacts[];
  /** Undefined: there is none. */
  readonly corosync: CorosyncFacts | undefined;
  /** Resources that somebody has defined for DRBD, by the file. */
  readonly drbdResources: readonly {
    readonly file: string;
    readonly name: string;
    readonly isOurs: boolean;
  }[];
  /** Minors that the kernel's DRBD has configured. */
  readonly drbdMinors: readonly number[];
  readonly target: {
    /** Of targets that the kernel exports now. */
    readonly running: readonly string[];
    /** Of targets that targetcli has saved, to be made again at the boot. */
    readonly saved: readonly string[];
  };
  readonly lvm: { readonly isOurs: boolean };
  readonly watchdogs: readonly {
    readonly device: string;
    readonly identity: string;
    readonly isActive: boolean;
  }[];
  readonly clock: { readonly isSynchronised: boolean; readonly source: string };
  /** What the names asked for resolve to here; no address: nothing. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly cards: readonly CardFacts[];
  readonly ports: readonly PortFacts[];
  readonly paths: readonly PathFacts[];
  /** Who else answers for the addresses asked for, in lower case; an address that nobody can be asked for is left out. */
  readonly owners: readonly { readonly address: string; readonly macs: readonly string[] }[];
  /** Of the machine that was named, before it is a member. Undefined: none was named, or its API does not answer. */
  readonly peerClock: ClockOffset | undefined;
}

export interface ModuleFacts {
  readonly name: string;
  /** Why it could not be loaded; undefined: it is loaded, or can be. */
  readonly problem: string | undefined;
}

export interface ProgramNeed {
  readonly program: string;
  /** Debian's, which brings it. */
  readonly package: string;
}

export interface DiskFacts {
  readonly path: string;
  /** As lsblk says it: disk, part, lvm, raid1, mpath, crypt, loop, rom. */
  readonly type: string;
  readonly size: Bytes;
  readonly sectorSize: Bytes;
  readonly isReadOnly: boolean;
  readonly isRemovable: boolean;
  /** Undefined where it has none, or is none that lsblk knows. */
  readonly transport: string | undefined;
  readonly content: string | undefined;
  readonly mountpoints: readonly string[];
  /** Stacked upon it. */
  readonly children: readonly DiskFacts[];
}

/** A disk that is to be given away, looked at closely. */
export interface ContentFacts {
  /** As it was asked for. */
  readonly path: string;
  /** What the path leads to; undefined: nothing that is a block device. */
  readonly device: string | undefined;
  readonly signatures: readonly string[];
  /** Whether its first and its last MiB are nothing but zeros. */
  readonly isBlank: boolean;
}

export interface UnitFacts {
  readonly name: string;
  /** As systemd says it: enabled, disabled, masked, static, ...; empty: there is no such unit. */
  readonly enabled: string;
  readonly active: string;
}

export interface CorosyncFacts {
  readonly clusterName: string;
  readonly addresses: readonly string[];
  /** Keelson has written it. */
  readonly isOurs: boolean;
}

export interface CardFacts {
  readonly name: string;
  /** What kind of virtual card: bond, bridge, vlan, veth, ...; undefined: a card, or what looks like one. */
  readonly kind: string | undefined;
  readonly isUp: boolean;
  /** It has been switched on, and feels the cable's other end. */
  readonly hasCarrier: boolean;
  /** The bond or the bridge that it belongs to. */
  readonly master: string | undefined;
  /** What it stands upon, as a VLAN does. */
  readonly lower: string | undefined;
  readonly mac: string;
  readonly mtu: number;
  /** Mbit/s; undefined where the card does not tell, as virtual ones. */
  readonly speed: number | undefined;
  readonly duplex: string | undefined;
  /** IPv4. */
  readonly addresses: readonly {
    readonly address: string;
    readonly prefix: number;
    /** Lent by DHCP. */
    readonly isDynamic: boolean;
  }[];
  /** Global and unique local ones. */
  readonly ipv6: readonly { readonly address: string; readonly prefix: number }[];
  /** Since the card is there. */
  readonly packets: number;
  readonly errors: number;
  readonly bond: BondFacts | undefined;
}

export interface BondFacts {
  /** As the kernel says it, such as `fault-tolerance (active-backup)`. */
  readonly mode: string;
  readonly members: readonly { readonly card: string; readonly isUp: boolean }[];
  /** Of the switch, where the bond speaks LACP with it; all zeros: it does not answer. */
  readonly partner: string | undefined;
}

export interface PortFacts {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** Undefined: the kernel itself. */
  readonly process: string | undefined;
}

/** A way from one of this node's addresses to one of another. */
export interface Path {
  /** What the way is for: cluster, replication, ... */
  readonly network: string;
  readonly peer: string;
  /** Undefined: whichever the kernel takes. */
  readonly from: string | undefined;
  readonly to: string;
}

export interface PathFacts extends Path {
  /** Echo requests; none where they could not be sent. */
  readonly sent: number;
  readonly received: number;
  /** Of a round trip, in milliseconds. */
  readonly average: number | undefined;
  /** Where no echo came back: something else did. */
  readonly answersOtherwise: boolean | undefined;
  /** Of the card on this side. */
  readonly mtu: number | undefined;
  /** Whether packets of that size arrive in one piece; undefined: not tried. */
  readonly passes: boolean | undefined;
}

/** How far another clock is ahead of this one, and by how much that may be wrong. Milliseconds. */
export interface ClockOffset {
  readonly offset: number;
  readonly uncertainty: number;
}

/** What another node told of itself. */
export interface PeerFacts {
  readonly facts: NodeFacts;
  readonly clock: ClockOffset;
}

/** What is to be looked at, beside what always is. */
export interface Examination {
  readonly programs: readonly ProgramNeed[];
  readonly disks: readonly string[];
  readonly names: readonly string[];
  readonly paths: readonly Path[];
  /** Addresses that one machine alone should answer for. */
  readonly owners: readonly string[];
  /** Of a machine that is no member yet. */
  readonly peer: string | undefined;
  /** How long one look may take. */
  readonly deadline: Milliseconds;
}
