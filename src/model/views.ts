import type { Failure } from './failure.ts';
import type { FenceDevice } from './fence-device.ts';
import type { FenceProof, FenceTest, FenceWaiver } from './fence-proof.ts';
import type { HostName, LunIntent, LunName, NodeName, OperationRecord, WitnessIntent } from './intent.ts';
import type { ResourcePolicy } from './policy.ts';
import type { Problem } from './problem.ts';
import type { AgentName } from './resources.ts';
import type { SnapshotIntent, SnapshotName, SourceName } from './snapshot.ts';
import type { SplitView } from './split.ts';
import type { FencingStatus, NodeState, ObservedState } from './status.ts';
import type { Blocked } from './transition.ts';
import type { Bytes, Milliseconds } from './units.ts';

/** What the API shows; made by the engine from configuration and status, without secrets. */
export interface LunView {
  readonly name: string;
  /** For If-Match; of what was asked for, not of who serves it. Absent within a status. */
  readonly etag?: string;
  readonly pool: string;
  readonly target: string;
  readonly size: Bytes;
  /** It takes of the pool only what is written to it. */
  readonly thin?: true;
  readonly hosts: readonly HostName[];
  /** Those of them that can only read; absent: none. */
  readonly readOnlyHosts?: readonly HostName[];
  readonly number: number;
  readonly serial: string;
  /** As multipath and udev show it: 3 + NAA. */
  readonly wwid: string;
  readonly iqn: string;
  readonly portals: readonly string[];
  readonly state: LunIntent['state'];
  /** Bytes that its volume is being extended to; absent: it is not being grown. */
  readonly growingTo?: Bytes;
  /** How many snapshots it has; absent: none. */
  readonly snapshots?: number;
  /** The LUN or snapshot that it was made of, whatever has become of that. */
  readonly clonedFrom?: SourceName;
  /** It is being given the data of this snapshot, and no host sees it meanwhile. */
  readonly rollingBackTo?: SnapshotName;
  /** The node that exports it now, as that node's kernel reports it. */
  readonly servedBy: NodeName | undefined;
}

/** What a LUN held at one instant. */
export interface SnapshotView {
  /** `LUN@NAME` */
  readonly name: SnapshotName;
  readonly etag?: string;
  readonly lun: LunName;
  readonly pool: string;
  /** Of the LUN then; what it takes of the pool is the blocks that only it has. */
  readonly size: Bytes;
  /** When it was asked for, by the time of day: all that was acknowledged to hosts before is in it. */
  readonly createdAt: Milliseconds;
  readonly state: SnapshotIntent['state'];
  /** It was made by a rollback, of what the LUN held before. */
  readonly keptBy?: 'rollback';
}

/** A SAN client, without its secrets. */
export interface HostView {
  readonly name: HostName;
  /** For If-Match. */
  readonly etag?: string;
  readonly initiators: readonly string[];
  /** It proves who it is, under this name. */
  readonly chap?: { readonly username: string };
  /** The target proves to it who it is, under this name. */
  readonly mutualChap?: { readonly username: string };
  readonly luns: readonly { readonly name: LunName; readonly number: number; readonly readOnly: boolean }[];
  /** Those of its initiators that are logged in at a target now, as its node reports it. */
  readonly loggedIn: readonly string[];
}

/** Where a host finds its LUNs. */
export interface HostReach {
  readonly host: HostView;
  /** Those that let it in. Portals with their port: `10.0.3.100:3260`, `[2001:db8:5::10]:3260`. */
  readonly targets: readonly { readonly iqn: string; readonly portals: readonly string[] }[];
  readonly luns: readonly LunView[];
}

/** What a host has to be told, ready to be typed there; without secrets. */
export interface ConnectInfo extends HostReach {
  readonly linux: {
    /** Of Debian. */
    readonly packages: readonly string[];
    readonly files: readonly { readonly path: string; readonly how: string; readonly text: string }[];
    readonly commands: readonly string[];
  };
  /** PowerShell. */
  readonly windows: { readonly commands: readonly string[] };
  readonly esxi: { readonly commands: readonly string[] };
  /** When LUNs have grown: no host learns of that by itself. */
  readonly afterGrow: AfterGrow;
}

/** What is to be typed on a host, by what runs there. */
export interface AfterGrow {
  readonly linux: readonly string[];
  readonly windows: readonly string[];
  readonly esxi: readonly string[];
}

export type OperationView = OperationRecord;

export interface InstanceView {
  readonly resource: string;
  readonly node: NodeName;
  readonly state: ObservedState | 'unknown';
  readonly facts: Readonly<Record<string, string | number>>;
  readonly failure: Failure | undefined;
  /** It is left alone there: not managed, or in maintenance. */
  readonly unmanaged?: true;
}

export interface NodeView {
  readonly name: NodeName;
  readonly state: NodeState | 'absent';
  readonly since: Milliseconds | undefined;
  readonly isController: boolean;
  readonly fencing: FencingStatus | undefined;
  /** Those that put it out, in the order in which they are tried. */
  readonly fenceDevices: readonly FenceDeviceView[];
  /** It stays off when it was fenced; absent: its power comes back. */
  readonly fenceAction?: 'off';
  /** The last test of its fencing, or the one that is under way. */
  readonly fenceTest?: FenceTest;
  readonly fenceWaiver?: FenceWaiver;
  readonly standby?: true;
  readonly maintenance?: true;
  /** It is leaving in order, or (where it is offline) has left so. */
  readonly leaving?: true;
  readonly instances: readonly InstanceView[];
}

export interface FenceDeviceView {
  readonly name: string;
  readonly kind: FenceDevice['kind'];
  /** From 1. All devices of a level have to succeed; the next level is tried where one fails. */
  readonly level: number;
  /** What the node that would use it found when it last asked; `unknown`: it has not asked yet. */
  readonly state: 'ready' | 'failing' | 'unknown';
  readonly by: NodeName | undefined;
  readonly since: Milliseconds | undefined;
  readonly failure: Failure | undefined;
  /** It is dark when its node has no power, and so cannot confirm that. */
  readonly sharesPower?: true;
  /** What it says proves nothing. */
  readonly testOnly?: true;
  /** When it has put the node out, and how long that took. */
  readonly proof?: FenceProof;
}

/** A resource of the engine, and what was asked for it. */
export interface ResourceView {
  readonly id: string;
  readonly agent: AgentName;
  readonly policy: ResourcePolicy;
  /** Nothing is done with it anywhere, for whatever reason. */
  readonly unmanaged?: true;
  readonly instances: readonly Pick<InstanceView, 'node' | 'state' | 'failure'>[];
}

export interface PoolView {
  readonly name: string;
  /** For If-Match. Absent within a status. */
  readonly etag?: string;
  readonly state: 'new' | 'ready';
  readonly preferredNode?: NodeName;
  readonly primary: NodeName | undefined;
  readonly disks: Readonly<Record<NodeName, string>>;
  /** Each copy has data that the other lacks. */
  readonly split?: SplitView;
  /** Of all that LUNs can have of it, and what they have not; absent: it is not active on any node just now. */
  readonly size?: Bytes;
  readonly free?: Bytes;
  /** What thin LUNs share; absent: there never was one, or it is not active on any node just now. */
  readonly thin?: ThinView;
}

/** What all thin LUNs of a pool share. It stays when the last of them goes. */
export interface ThinView {
  /** `full`: a write that needs a new block fails. `broken`: none is taken until it was repaired. */
  readonly state: 'ok' | 'full' | 'broken';
  /** Bytes that it has now, and that it could have if it took all that is free of the pool. */
  readonly size: Bytes;
  readonly reachable: Bytes;
  /** Of `reachable`, in percent. */
  readonly usedPercent: number;
  readonly metadataPercent: number;
  /** Bytes that all thin LUNs may come to together. */
  readonly provisioned: Bytes;
}

/** The third machine that votes, as the node asked sees it. */
export interface WitnessView {
  readonly address: string;
  /** As it was asked for; with `on` there is no encryption where the witness has no certificate. */
  readonly tls: WitnessIntent['tls'];
  /** Its vote counts for this node's side; undefined where this node has not heard of it yet. */
  readonly votes?: boolean | undefined;
  /** Absent: it neither comes nor goes just now. */
  readonly change?: 'adding' | 'removing' | undefined;
}

export interface StatusView {
  readonly clusterName: string | undefined;
  /** This node's name, and whether what it says is the cluster's knowledge (synchronised) or only its own. */
  readonly node: NodeName | undefined;
  readonly synchronised: boolean;
  readonly quorate: boolean;
  readonly revision: number;
  readonly controller: NodeName | undefined;
  /** All LUNs that should be served are served. */
  readonly serving: boolean;
  /** The loss of either node now would be survived. */
  readonly survivesFailure: boolean;
  /** The whole cluster is left alone. */
  readonly maintenance?: true;
  /** Absent: there is none, and of two nodes the one that fences the other goes on after a split. */
  readonly witness?: WitnessView | undefined;
  readonly problems: readonly Problem[];
  readonly blocked: readonly Blocked[];
  readonly nodes: readonly NodeView[];
  readonly pools: readonly PoolView[];
  readonly luns: readonly LunView[];
}
