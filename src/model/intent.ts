import type { FenceDevice } from './fence-device.ts';
import type { FencingRecord } from './fence-proof.ts';
import type { Bytes, Milliseconds } from './units.ts';
import type { Failure } from './failure.ts';
import type { ChapCredentials } from './host.ts';
import type { ResourcePolicy } from './policy.ts';
import type { KeyRecord } from './terms.ts';
import type { Replacement } from './replacement.ts';
import type { Rollback, SnapshotIntent, SnapshotName, SourceName, VolumeName } from './snapshot.ts';
import type { PoolRecovery, PoolSplit } from './split.ts';
import type { WitnessChange } from './witness-change.ts';

/** What people asked for, in their own words; `engine/blueprint` turns it into resources. */
export type NodeName = string;
export type LunName = string;
export type PoolName = string;
export type HostName = string;
export type OperationId = string;

/** What becomes of a node that was fenced: its power comes back, or a person switches it on (`keelson node power-on`). */
export const fenceActions = ['reboot', 'off'] as const;
export type FenceAction = (typeof fenceActions)[number];

export interface NodeIntent {
  readonly name: NodeName;
  /** Corosync's node id, from 1. */
  readonly id: number;
  /** IPv4 addresses; at management people and the other node find the API, which listens on all addresses by default. */
  readonly management: string;
  readonly cluster: string;
  readonly replication: string;
  /** Corosync's links after those over the cluster and the replication network; as many on every node, in one order. */
  readonly links?: readonly string[];
  /** Nothing runs there; what did has moved away. */
  readonly standby?: true;
  /** What runs there is left alone, and not looked at. */
  readonly maintenance?: true;
  /** Absent: the cluster's. */
  readonly fenceAction?: FenceAction;
}

/** A DRBD resource with its volume group. */
export interface PoolIntent {
  readonly name: PoolName;
  /** `new`: no data yet, the first sync and the volume group are still to be made, once and never again. */
  readonly state: 'new' | 'ready';
  readonly minor: number;
  readonly port: number;
  readonly sharedSecret: string;
  /** The backing disk on each node. */
  readonly disks: Readonly<Record<NodeName, string>>;
  readonly preferredNode: NodeName | undefined;
  /**
   * The node that went on writing while the other was fenced: only it has the current data, and no other may be
   * promoted until both were seen UpToDate together. On disk before the first such write is acknowledged (S4, S6).
   */
  readonly solo: NodeName | undefined;
  /** Since when it has been so, by the time of day; absent: nobody knows. */
  readonly soloSince?: Milliseconds;
  /** Each copy has data that the other lacks. */
  readonly split?: PoolSplit;
  /** The changes of one node are being discarded. */
  readonly recovery?: PoolRecovery;
}

export interface Portal {
  readonly name: string;
  readonly address: string;
  readonly prefix: number;
  /** It is being taken away: no node is to have it. */
  readonly removing?: true;
}

export interface TargetIntent {
  readonly name: string;
  readonly iqn: string;
  readonly pool: PoolName;
  readonly portals: readonly Portal[];
}

/** A SAN client. */
export interface HostIntent {
  readonly name: HostName;
  readonly initiators: readonly string[];
  /** What all its initiators have to prove at a login; absent: their names are enough. */
  readonly chap?: ChapCredentials;
  /** What the target proves to the host. */
  readonly mutualChap?: ChapCredentials;
}

export interface LunIntent {
  readonly name: LunName;
  readonly pool: PoolName;
  readonly target: string;
  readonly size: Bytes;
  /** It takes of the pool only what is written to it. */
  readonly thin?: true;
  /** Who sees it; nobody else does. */
  readonly hosts: readonly HostName[];
  /** Those of them that can only read; absent: none. */
  readonly readOnlyHosts?: readonly HostName[];
  /** Identity: never changes and is never used again. `serial` is 32 lower-case hex digits. */
  readonly number: number;
  readonly serial: string;
  readonly state: 'creating' | 'ready' | 'deleting';
  readonly operation: OperationId;
  /** Of one that is ready: what its volume is being extended to. `size` is what it has until that is done. */
  readonly grow?: { readonly size: Bytes; readonly operation: OperationId };
  /** Where its data is since it was rolled back; absent: in the volume that has its name. */
  readonly volume?: VolumeName;
  /** The LUN or snapshot that it was made of, whatever has become of that. */
  readonly clonedFrom?: SourceName;
  /** The volume of that, while the clone is being made. */
  readonly source?: VolumeName;
  /** Of one that is ready: what is becoming its data. No host sees it meanwhile. */
  readonly rollback?: Rollback;
}

export interface OperationRecord {
  readonly id: OperationId;
  readonly kind:
    | 'lun.create'
    | 'lun.delete'
    | 'lun.grow'
    | 'lun.rollback'
    | 'node.power-on'
    | 'node.replace'
    | 'pool.recover'
    | 'snapshot.create'
    | 'snapshot.delete'
    | 'witness.add'
    | 'witness.remove';
  readonly subject: string;
  readonly state: 'running' | 'succeeded' | 'failed';
  /** While it runs: how far it is, for people. */
  readonly progress?: string;
  readonly createdAt: Milliseconds;
  readonly finishedAt: Milliseconds | undefined;
  readonly failure: Failure | undefined;
}

/** What to do with running resources where quorum is lost. */
export type QuorumPolicy = 'stop' | 'freeze';

export interface ClusterProperties {
  readonly quorumPolicy: QuorumPolicy;
  /** Corosync's token timeout. */
  readonly token: Milliseconds;
  /** How long a node whose engine is gone, while its Corosync lives, is waited for before it is fenced. */
  readonly engineGrace: Milliseconds;
  /** Head start of the node that serves data in a fence race: the other one waits this long. */
  readonly fenceDelay: Milliseconds;
  /** Of nodes that have none of their own; absent: `reboot`. */
  readonly fenceAction?: 'off';
  /** All agent deadlines are multiplied by this; 1 on real machines, more under emulation. */
  readonly patience: number;
  /** Everything is left alone, and nothing is looked at. */
  readonly maintenance?: true;
  /** It was formed to be tried, and may lose its data. */
  readonly testOnly?: true;
}

/** What a node tries to find out who should go on after a split; it passes when everything in it succeeds. */
export interface WitnessHeuristics {
  /** `sync`: when membership changes and when the witness is reached; `on`: also between. */
  readonly mode: 'on' | 'sync';
  /** For all of it together; what takes longer has failed. At least 1000. */
  readonly timeout: Milliseconds;
  /** IPv4 addresses that must answer, such as a gateway's. */
  readonly ping: readonly string[];
  /** Names of programs in the folder for them; 0 as exit code means passed. */
  readonly programs: readonly string[];
}

/** A machine with corosync-qnetd: its vote goes to one half of a split cluster, never to both. */
export interface WitnessIntent {
  readonly address: string;
  /** `required` and `on` need certificates in /etc/corosync/qdevice on every node; `on` does without where the witness has none. */
  readonly tls: 'off' | 'on' | 'required';
  readonly heuristics?: WitnessHeuristics;
}

export interface ClusterConfig {
  readonly format: 1;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly revision: number;
  /**
   * That of the view in which the last change was made. Of two configurations that differ the later generation counts,
   * then the higher revision: a change that only one node heard in its last moment never outweighs what those decided
   * who went on without it.
   */
  readonly generation: number;
  readonly nodes: Readonly<Record<NodeName, NodeIntent>>;
  readonly fenceDevices: Readonly<Record<string, FenceDevice>>;
  readonly pools: Readonly<Record<PoolName, PoolIntent>>;
  readonly targets: Readonly<Record<string, TargetIntent>>;
  readonly hosts: Readonly<Record<HostName, HostIntent>>;
  readonly luns: Readonly<Record<LunName, LunIntent>>;
  /** Absent: there is none. */
  readonly snapshots?: Readonly<Record<SnapshotName, SnapshotIntent>>;
  readonly operations: Readonly<Record<OperationId, OperationRecord>>;
  /** The next LUN number to give; it only grows, so that no number is used twice. */
  readonly nextLunNumber: number;
  readonly properties: ClusterProperties;
  readonly witness?: WitnessIntent;
  /** While one comes or goes; `witness` is what was there before. */
  readonly witnessChange?: WitnessChange;
  /** While disks of a node are replaced; one node at a time. */
  readonly replacement?: Replacement;
  /** By the resource's id; whoever has no entry has the defaults. */
  readonly resources?: Readonly<Record<string, ResourcePolicy>>;
  /** What experience has shown of the fencing; absent: nothing yet. */
  readonly fencing?: FencingRecord;
  /** By the client's key: requests that were carried out a while ago at most; absent: none. */
  readonly keys?: Readonly<Record<string, KeyRecord>>;
}
