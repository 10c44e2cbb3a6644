import type { ClusterFile } from './cluster-file.ts';
import type { Diagnosis } from './doctor/report.ts';
import type { NodeName } from './intent.ts';
import type { Bytes, Milliseconds } from './units.ts';

/** A machine as far as a set-up has to know it. */
export interface MachineView {
  /** Its host name, which is what the node has to be called. */
  readonly node: NodeName;
  /** Of Keelson. */
  readonly version: string;
  /** As systemd-detect-virt calls it; absent on metal, and where nobody knows. */
  readonly virtual?: string;
  /** IPv4, of cards that are up. */
  readonly addresses: readonly MachineAddress[];
  /** Global and unique local ones, of the same cards; absent: it has none. */
  readonly ipv6?: readonly Pick<MachineAddress, 'card' | 'address' | 'prefix'>[];
  readonly disks: readonly MachineDisk[];
}

export interface MachineAddress {
  readonly card: string;
  readonly address: string;
  readonly prefix: number;
  /** Mbit/s; absent where the card does not tell. */
  readonly speed?: number;
}

export interface MachineDisk {
  /** A name that stays the same, below /dev/disk/by-id; absent: it has none. */
  readonly path?: string;
  /** What the kernel calls it since this boot. */
  readonly device: string;
  readonly size: Bytes;
  /** Why it cannot be mirrored; absent: it seems to carry nothing. */
  readonly taken?: string;
}

/** What a set-up knows before it begins. */
export interface SetupView {
  readonly machine: MachineView;
  /** Absent where no join code was given. */
  readonly other?: MachineView;
  /** Worst first. */
  readonly diagnoses: readonly Diagnosis[];
}

/** What the engine is asked by a set-up. */
export interface SetupRequests {
  /** On a node that belongs to no cluster: by what `keelson setup` on the other node finds this one, and has it join. */
  readonly 'cluster.join-code': {
    /** Where the other node reaches this one; absent: the address of the default route, or the first there is. */
    readonly request: { readonly address?: string | undefined };
    readonly reply: {
      readonly node: NodeName;
      /** Secret. */
      readonly code: string;
      readonly address: string;
      readonly validUntil: Milliseconds;
    };
  };
  /** Looks at this machine, and at the one that the code is of. Changes nothing. */
  readonly 'setup.look': {
    readonly request: {
      readonly code?: string | undefined;
      /** What is planned: then the disks and the ways of the plan are looked at closely. */
      readonly file?: ClusterFile | undefined;
    };
    readonly reply: SetupView;
  };
  /** Has the machine that the code is of join the cluster of this node. */
  readonly 'setup.join': {
    readonly request: { readonly code: string; readonly node: NodeName };
    readonly reply: { readonly clusterName: string };
  };
  /** The other side of both, asked over the network: proves that it has the code, by a proof bound to this node's certificate. */
  readonly 'setup.invited': {
    readonly request: {
      readonly nonce: string;
      readonly proof: string;
      readonly order: InvitedOrder;
    };
    /** A proof that it has the code too, a space, and JSON. */
    readonly reply: { readonly answer: string };
  };
}

export type InvitedOrder =
  /** Only who it is. */
  | { readonly kind: 'hello' }
  /** `asker`: the address to which the ways are tried where nothing is planned yet. */
  | {
      readonly kind: 'look';
      readonly asker?: string | undefined;
      readonly file?: ClusterFile | undefined;
    }
  | { readonly kind: 'join'; readonly address: string; readonly secret: string };
