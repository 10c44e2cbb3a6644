import type { ConfigBackup } from './backup.ts';
import type { ClusterDocument } from './cluster/history.ts';
import type { DoctorReport } from './doctor/report.ts';
import type { EventRecord } from './events.ts';
import type { DiscoverySettings, DiscoveryView } from './fence-discovery.ts';
import type { Fencing } from './fence-proof.ts';
import type { ChapRequest } from './host.ts';
import type { FenceAction, HostName, LunName, NodeName, OperationId, PoolName } from './intent.ts';
import type { ClusterFile } from './cluster-file.ts';
import type {
  HostFilter,
  LunFilter,
  Page,
  PageRequest,
  PoolFilter,
  SnapshotFilter,
  TargetFilter,
} from './lists.ts';
import type { PolicyChange } from './policy.ts';
import type { ConfigDifferences, ConfigHistory, ConfigLoss, ConfigRestored, ConfigView } from './record.ts';
import type { ResourceId } from './resources.ts';
import type { Result } from './result.ts';
import type { SessionsView } from './session.ts';
import type { TargetView } from './target.ts';
import type { RequestTerms } from './terms.ts';
import type { SetupRequests } from './setup.ts';
import type { SnapshotName, SourceName } from './snapshot.ts';
import type { Bytes, Milliseconds } from './units.ts';
import type {
  HostReach,
  HostView,
  LunView,
  NodeView,
  OperationView,
  PoolView,
  ResourceView,
  SnapshotView,
  StatusView,
} from './views.ts';
import type { WitnessAsked } from './witness-change.ts';

/** What the API process (and the DRBD handler) may ask of the engine through its socket, and what comes back. */
export interface EngineRequests extends SetupRequests {
  readonly status: { readonly request: object; readonly reply: StatusView };
  readonly nodes: { readonly request: object; readonly reply: readonly NodeView[] };
  /** Definition and status in Pacemaker's model, as the scheduler is given them; without parameters. */
  readonly document: { readonly request: object; readonly reply: ClusterDocument };
  readonly luns: { readonly request: LunFilter & PageRequest; readonly reply: Page<LunView> };
  readonly lun: { readonly request: { readonly name: LunName }; readonly reply: LunView };
  readonly operation: { readonly request: { readonly id: OperationId }; readonly reply: OperationView };
  /** Idempotent by name: the same parameters give the same LUN, others `name_taken`. */
  readonly 'lun.create': {
    readonly request: {
      readonly name: LunName;
      readonly size: Bytes;
      /** It takes of the pool only what is written to it; for one that is there already, as it is. */
      readonly thin?: boolean | undefined;
      /** The pool may be left out where there is only one, or a target is named; the target is the first of the pool. */
      readonly pool?: PoolName | undefined;
      readonly target?: string | undefined;
      readonly hosts?: readonly HostName[] | undefined;
      /** Those of them that can only read. */
      readonly readOnlyHosts?: readonly HostName[] | undefined;
    };
    /** No operation: it was made long ago. */
    readonly reply: { readonly lun: LunView; readonly operation: OperationView | undefined };
  };
  /**
   * Deleting what is not there succeeds, with `operation: undefined`. Without `force` refused while one of its hosts is
   * logged in: `sessions_open`, or `sessions_unknown` where nobody can tell. Without `snapshots` refused while it has some.
   */
  readonly 'lun.delete': {
    readonly request: {
      readonly name: LunName;
      readonly force?: boolean | undefined;
      /** They go with it. */
      readonly snapshots?: boolean | undefined;
    };
    readonly reply: { readonly operation: OperationView | undefined };
  };
  /**
   * Makes a LUN of what another one, or a snapshot, holds at one instant; for nobody where no host is named. Idempotent by
   * name, as `lun.create` is.
   */
  readonly 'lun.clone': {
    readonly request: {
      readonly name: LunName;
      readonly from: SourceName;
      /** Of the same pool. */
      readonly target?: string | undefined;
      readonly hosts?: readonly HostName[] | undefined;
      readonly readOnlyHosts?: readonly HostName[] | undefined;
    };
    readonly reply: { readonly lun: LunView; readonly operation: OperationView | undefined };
  };
  /**
   * Gives a LUN the data of a snapshot of it. What it held becomes a snapshot, unless it is to be discarded. Without
   * `force` refused while one of its hosts is logged in.
   */
  readonly 'lun.rollback': {
    readonly request: {
      readonly name: LunName;
      readonly snapshot: SnapshotName;
      readonly discard?: boolean | undefined;
      readonly force?: boolean | undefined;
    };
    readonly reply: { readonly lun: LunView; readonly operation: OperationView | undefined };
  };
  readonly snapshots: { readonly request: SnapshotFilter & PageRequest; readonly reply: Page<SnapshotView> };
  readonly snapshot: { readonly request: { readonly name: SnapshotName }; readonly reply: SnapshotView };
  /** Of what the LUN holds at one instant after the request, while it is served. Idempotent by name. */
  readonly 'snapshot.create': {
    readonly request: { readonly name: SnapshotName };
    readonly reply: { readonly snapshot: SnapshotView; readonly operation: OperationView | undefined };
  };
  /** Deleting what is not there succeeds, with `operation: undefined`. */
  readonly 'snapshot.delete': {
    readonly request: { readonly name: SnapshotName };
    readonly reply: { readonly operation: OperationView | undefined };
  };
  /** Makes a LUN larger, while it is served. Of one that has that size already there is nothing to do: `operation: undefined`. */
  readonly 'lun.grow': {
    readonly request: { readonly name: LunName; readonly size: Bytes };
    readonly reply: { readonly lun: LunView; readonly operation: OperationView | undefined };
  };
  /** Shows a LUN to a host. Idempotent; a mapping that is there gets the access that is asked for. */
  readonly 'lun.map': {
    readonly request: {
      readonly name: LunName;
      readonly host: HostName;
      readonly readOnly?: boolean | undefined;
    };
    readonly reply: LunView;
  };
  /**
   * Hides a LUN from a host, where it is not hidden already. A LUN that is not there is hidden: `lun: undefined`.
   * Without `force` refused while the host is logged in, as `lun.delete` is.
   */
  readonly 'lun.unmap': {
    readonly request: {
      readonly name: LunName;
      readonly host: HostName;
      readonly force?: boolean | undefined;
    };
    readonly reply: { readonly lun: LunView | undefined };
  };
  /** Who is connected now: the nodes look before it is answered. Of one LUN or host, where one is named. */
  readonly sessions: {
    readonly request: { readonly lun?: LunName | undefined; readonly host?: HostName | undefined };
    readonly reply: SessionsView;
  };
  readonly pools: { readonly request: PoolFilter & PageRequest; readonly reply: Page<PoolView> };
  readonly pool: { readonly request: { readonly name: PoolName }; readonly reply: PoolView };
  readonly targets: { readonly request: TargetFilter & PageRequest; readonly reply: Page<TargetView> };
  readonly target: { readonly request: { readonly name: string }; readonly reply: TargetView };
  /** Idempotent. The network is asked before whether somebody has the address. */
  readonly 'portal.add': {
    readonly request: { readonly name: string; readonly address: string; readonly prefix: number };
    readonly reply: TargetView;
  };
  /** What is not there is removed: `target: undefined` where there is not even the target. */
  readonly 'portal.remove': {
    readonly request: {
      readonly name: string;
      readonly address: string;
      /** Even where hosts are connected to it. */
      readonly force?: boolean | undefined;
    };
    readonly reply: { readonly target: TargetView | undefined };
  };
  readonly hosts: { readonly request: HostFilter & PageRequest; readonly reply: Page<HostView> };
  readonly host: { readonly request: { readonly name: HostName }; readonly reply: HostView };
  readonly 'host.reach': { readonly request: { readonly name: HostName }; readonly reply: HostReach };
  /** Idempotent by name: the same parameters give the same host, others `name_taken`. */
  readonly 'host.create': {
    readonly request: {
      readonly name: HostName;
      readonly initiators: readonly string[];
      readonly chap?: ChapRequest | undefined;
      readonly mutualChap?: ChapRequest | undefined;
    };
    readonly reply: HostView;
  };
  /**
   * What is left out stays as it is; `null` takes it away. Without `force` no initiator is taken away that is logged in.
   */
  readonly 'host.set': {
    readonly request: {
      readonly name: HostName;
      readonly force?: boolean | undefined;
      readonly initiators?: readonly string[] | undefined;
      readonly chap?: ChapRequest | null | undefined;
      readonly mutualChap?: ChapRequest | null | undefined;
    };
    readonly reply: HostView;
  };
  /**
   * Deleting what is not there succeeds; `deleted` says whether it was. Without `force` refused while it is logged in.
   */
  readonly 'host.delete': {
    readonly request: { readonly name: HostName; readonly force?: boolean | undefined };
    readonly reply: { readonly deleted: boolean };
  };
  /** Forget the failures of a resource (or of all) on a node (or on all) and look again. */
  readonly cleanup: {
    readonly request: { readonly resource?: string | undefined; readonly node?: NodeName | undefined };
    readonly reply: { readonly cleared: number };
  };
  /** What is asked of a node. `leaving: false`: it stays after all. Without `force` nothing goes out of service by it. */
  readonly 'node.set': {
    readonly request: {
      readonly name: NodeName;
      readonly standby?: boolean | undefined;
      readonly maintenance?: boolean | undefined;
      readonly leaving?: false | undefined;
      /** What becomes of it when it was fenced; `null`: what the cluster is asked. */
      readonly fenceAction?: FenceAction | null | undefined;
      readonly force?: boolean | undefined;
    };
    readonly reply: NodeView;
  };
  /**
   * Has a node leave in order; answered at once, safe to repeat, and repeated until it has `left`: nothing is active
   * there any more, and its engine may be stopped without the node being fenced. Without a name: this node. Without `force` nothing goes out of service by it.
   */
  readonly 'node.leave': {
    readonly request: { readonly name?: NodeName | undefined; readonly force?: boolean | undefined };
    readonly reply: {
      readonly node: NodeName;
      readonly left: boolean;
      readonly active: readonly ResourceId[];
    };
  };
  /** A person has seen that a lost node has no power, where no fence device can tell. Answered when all nodes know. */
  readonly 'node.confirm-off': {
    readonly request: {
      readonly name: NodeName;
      /** The words `NAME is off`. */
      readonly acknowledgement: string;
    };
    readonly reply: { readonly node: NodeName };
  };
  /** Has a node that is confirmed off given its power, by its fence devices; answered when that is on all disks. */
  readonly 'node.power-on': {
    readonly request: { readonly name: NodeName };
    readonly reply: { readonly operation: OperationView };
  };
  /**
   * Gives a node another machine, or new disks, to be filled from the other node, which serves meanwhile. Idempotent: for what is under way
   * the answer is the same; other disks take the place of those that were asked for before. Answered when it is on all
   * disks; it goes on by itself.
   */
  readonly 'node.replace': {
    readonly request: {
      readonly name: NodeName;
      /** The machine is another one, of the same name and addresses; it joins with a secret that is good for this alone. */
      readonly machine?: true | undefined;
      /** Of the only pool that has a disk there. Of another machine, where it has another path. */
      readonly disk?: string | undefined;
      /** By pool, where there are several. */
      readonly disks?: Readonly<Record<PoolName, string>> | undefined;
      /** Those of them that may lose what they carry. */
      readonly overwrite?: readonly string[] | undefined;
      /** Also where data goes out of service by it. */
      readonly force?: boolean | undefined;
    };
    readonly reply: { readonly operation: OperationView };
  };
  /**
   * Ends a split brain: the changes of one node are discarded, and its copy is filled from the other one. Idempotent: for
   * what is under way the answer is the same. Answered when it is on all disks; it goes on by itself.
   */
  readonly 'pool.recover': {
    readonly request: { readonly name: PoolName; readonly discard: NodeName };
    readonly reply: { readonly operation: OperationView };
  };
  /** Has a node put out and come back, by one level of its fence devices; answered when that is on all disks. */
  readonly 'fence.test': {
    readonly request: {
      readonly name: NodeName;
      /** The first where none is named. */
      readonly level?: number | undefined;
      /** Only asks the devices. */
      readonly dry?: boolean | undefined;
    };
    readonly reply: NodeView;
  };
  /** Somebody takes the responsibility for a node whose fencing was never tested; without a reason: no longer. */
  readonly 'fence.waive': {
    readonly request: { readonly name: NodeName; readonly reason?: string | undefined };
    readonly reply: NodeView;
  };
  /** Nodes that were put out, newest first. */
  readonly 'fence.history': {
    readonly request: { readonly limit?: number | undefined };
    readonly reply: readonly Fencing[];
  };
  /** Asks a device what it can switch, from this node, and changes nothing; also before there is a cluster. */
  readonly 'fence.discover': {
    readonly request: {
      readonly device: DiscoverySettings;
      /** For whom something is looked for; absent: the nodes of the cluster, where there is one. */
      readonly nodes?: readonly NodeName[] | undefined;
    };
    readonly reply: DiscoveryView;
  };
  readonly 'cluster.set': {
    readonly request: {
      readonly maintenance?: boolean | undefined;
      readonly fenceAction?: FenceAction | undefined;
    };
    readonly reply: { readonly maintenance: boolean; readonly fenceAction: FenceAction };
  };
  /**
   * Gives the cluster a witness. Idempotent: for the one that is there, or is coming, the answer is the same; for another
   * one `witness_exists`. Answered when the change is on all disks; it goes on by itself.
   */
  readonly 'witness.add': {
    readonly request: {
      readonly witness: WitnessAsked;
      /** What `keelson-witness setup` printed on the witness; needed once, for the certificates. Secret. */
      readonly secret?: string | undefined;
    };
    /** No operation: it has been there. */
    readonly reply: { readonly operation: OperationView | undefined };
  };
  /** Takes the witness away; where there is none, there is no operation either. */
  readonly 'witness.remove': {
    readonly request: object;
    readonly reply: { readonly operation: OperationView | undefined };
  };
  readonly resources: { readonly request: object; readonly reply: readonly ResourceView[] };
  readonly 'resource.set': {
    readonly request: { readonly id: ResourceId; readonly policy: PolicyChange };
    readonly reply: ResourceView;
  };
  /** A configuration of this node's record, without secrets; the present one where no revision is named. */
  readonly config: {
    readonly request: { readonly revision?: number | undefined };
    readonly reply: ConfigView;
  };
  readonly 'config.history': {
    readonly request: { readonly limit?: number | undefined };
    readonly reply: ConfigHistory;
  };
  /** To the present one where no second revision is named. */
  readonly 'config.diff': {
    readonly request: { readonly from: number; readonly to?: number | undefined };
    readonly reply: ConfigDifferences;
  };
  /**
   * Brings back what a revision asked for, or says what that would do. Neither makes nor destroys data; without `force`
   * nothing goes out of service by it.
   */
  readonly 'config.restore': {
    readonly request: {
      readonly revision: number;
      readonly dryRun?: boolean | undefined;
      readonly force?: boolean | undefined;
    };
    readonly reply: ConfigRestored;
  };
  /** What the configuration asks for, sealed with the passphrase: a file that can be kept anywhere. */
  readonly 'config.save': {
    readonly request: {
      /** Secret; see PASSPHRASE. */
      readonly passphrase: string;
    };
    readonly reply: ConfigBackup;
  };
  /** As `config.restore`, out of a backup. */
  readonly 'config.load': {
    readonly request: {
      readonly backup: ConfigBackup;
      /** Secret. */
      readonly passphrase: string;
      readonly dryRun?: boolean | undefined;
      readonly force?: boolean | undefined;
      /** Also where the backup is of another cluster. */
      readonly foreign?: boolean | undefined;
    };
    readonly reply: ConfigRestored;
  };
  /** What this node lost, newest first, until it is cleared. */
  readonly 'config.lost': { readonly request: object; readonly reply: readonly ConfigLoss[] };
  readonly 'config.lost.clear': { readonly request: object; readonly reply: { readonly cleared: number } };
  readonly 'cluster.init': {
    readonly request: {
      readonly file: ClusterFile;
      readonly node: NodeName;
      /** SBD disks that may lose what they carry. */
      readonly overwrite?: readonly string[] | undefined;
      /** What `keelson-witness setup` printed on the witness; needed once, for the certificates. Secret. */
      readonly witnessSecret?: string | undefined;
    };
    readonly reply: {
      readonly joinSecret: string;
      /** How long Corosync waits for a node, and why that long. */
      readonly token: { readonly milliseconds: Milliseconds; readonly reason: string };
    };
  };
  /** Asks the node at `address` to admit this one. */
  readonly 'cluster.join': {
    readonly request: { readonly address: string; readonly secret: string; readonly node: NodeName };
    readonly reply: { readonly clusterName: string };
  };
  /** The other side of a join, asked over the network: proves itself by the secret, gets all that a node needs. */
  readonly 'cluster.admit': {
    readonly request: { readonly secret: string; readonly node: NodeName };
    readonly reply: { readonly bundle: string };
  };
  readonly 'cluster.join-secret': {
    readonly request: object;
    readonly reply: { readonly joinSecret: string };
  };
  /** Looks for what would keep the SAN, or this machine, from doing its work. Changes nothing. */
  readonly doctor: {
    readonly request: {
      /** Only this one; all where none is named. */
      readonly node?: NodeName | undefined;
      /** The address of the machine that is to be the other node, while there is no cluster. */
      readonly peer?: string | undefined;
      /** Of the node asked: that are to be mirrored, and are looked at closely. */
      readonly disks?: readonly string[] | undefined;
    };
    readonly reply: DoctorReport;
  };
  /** The other side of it, asked over the network by another node: proves itself by the cluster's key. */
  readonly 'doctor.examine': {
    readonly request: {
      readonly node: NodeName;
      readonly nonce: string;
      readonly proof: string;
    };
    /** A proof that it is from this cluster, a space, and JSON. */
    readonly reply: { readonly examination: string };
  };
  /**
   * DRBD's kernel asks to fence the peer of a pool. Answered with the handler's exit code: 4 the peer is outdated, 7 it
   * is confirmed off, 6 it serves and this node must not be promoted; or with a failure.
   */
  readonly 'fence-peer': {
    readonly request: {
      readonly pool: PoolName;
      /** Of this node, as its kernel showed it to the handler: a Primary lost its peer, a Secondary is to be promoted. */
      readonly role?: 'Primary' | 'Secondary' | undefined;
    };
    readonly reply: { readonly exitCode: 4 | 6 | 7 };
  };
}

export type RequestKind = keyof EngineRequests;
export type RequestOf<Kind extends RequestKind> = EngineRequests[Kind]['request'];
export type ReplyOf<Kind extends RequestKind> = EngineRequests[Kind]['reply'];

/** One line of JSON each on the engine's socket. `subscribe` turns the connection into a stream of events. */
export type SocketRequest =
  | {
      readonly id: number;
      readonly kind: RequestKind;
      readonly request: object;
      readonly terms?: RequestTerms | undefined;
    }
  | { readonly id: number; readonly kind: 'subscribe'; readonly after: number | undefined };

export type SocketReply =
  | { readonly id: number; readonly result: Result<unknown> }
  | { readonly id: number; readonly event: EventRecord };
