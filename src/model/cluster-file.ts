import type { FenceDeviceSettings, NullSettings, SbdSettings, SshSettings } from './fence-device.ts';
import type { ChapRequest } from './host.ts';
import type { NodeName } from './intent.ts';
import type { ClusterProperties, FenceAction, WitnessHeuristics, WitnessIntent } from './intent.ts';

/** What a person writes to form a cluster (YAML or JSON), validated by the API's schema of the same name. */
export interface ClusterFile {
  readonly name: string;
  /** It may lose its data: fence devices that prove nothing are allowed, and the status stays red with them. */
  readonly testOnly?: true | undefined;
  readonly nodes: readonly {
    readonly name: NodeName;
    readonly management: string;
    readonly cluster: string;
    readonly replication: string;
    /** Further networks between the nodes, for Corosync alone: this node's IPv4 address on each, in the same order on every node. */
    readonly links?: readonly string[] | undefined;
    /** The disk to mirror, as a stable path (/dev/disk/by-id/...). It must carry no data. */
    readonly disk: string;
    /** One device, or several: each a level of its own, tried in order, unless its `level` says otherwise. */
    readonly fence: FenceDeviceFile | readonly FenceDeviceFile[];
    /** Absent: what `properties` say. */
    readonly fenceAction?: FenceAction | undefined;
  }[];
  readonly pool: { readonly name: string; readonly preferredNode?: NodeName | undefined };
  readonly target: {
    readonly iqn: string;
    /** Address with prefix length, such as 10.0.3.100/24 or 2001:db8:5::10/64; the interface is found by its subnet. */
    readonly portals: readonly string[];
  };
  readonly hosts: readonly {
    readonly name: string;
    readonly initiators: readonly string[];
    /** What the host proves at a login, and what the target proves to it. Secret. */
    readonly chap?: ChapRequest | undefined;
    readonly mutualChap?: ChapRequest | undefined;
  }[];
  /** A third machine with corosync-qnetd, which decides who goes on after a split. */
  readonly witness?:
    | {
        readonly address: string;
        readonly tls?: WitnessIntent['tls'] | undefined;
        readonly heuristics?:
          | {
              readonly mode?: WitnessHeuristics['mode'] | undefined;
              /** Milliseconds. */
              readonly timeout?: number | undefined;
              readonly ping?: readonly string[] | undefined;
              readonly programs?: readonly string[] | undefined;
            }
          | undefined;
      }
    | undefined;
  /** What nodes with a fence device of kind `sbd` share. */
  readonly sbd?:
    | {
        /** One or three, as stable paths that lead to the same disk on every node. */
        readonly disks: readonly string[];
        /** Absent: /dev/watchdog. */
        readonly watchdog?: string | undefined;
        /** Seconds; absent: 5. */
        readonly watchdogTimeout?: number | undefined;
      }
    | undefined;
  readonly properties?:
    | {
        readonly quorumPolicy?: ClusterProperties['quorumPolicy'] | undefined;
        /** Milliseconds. */
        readonly token?: number | undefined;
        readonly engineGrace?: number | undefined;
        readonly fenceDelay?: number | undefined;
        /** Absent: `reboot`. */
        readonly fenceAction?: FenceAction | undefined;
        readonly patience?: number | undefined;
      }
    | undefined;
}

type WithDefaults<Settings, Optional extends PropertyKey> = Settings extends unknown
  ? Omit<Settings, Optional> & { readonly [Name in keyof Settings & Optional]?: Settings[Name] | undefined }
  : never;

export type FenceDeviceFileSettings =
  | (WithDefaults<
      Exclude<FenceDeviceSettings, SbdSettings | SshSettings | NullSettings>,
      'port' | 'family' | 'secrets'
    > & {
      /** It is dark when its node has no power, as a board behind the same feed is. Absent: it has power of its own. */
      readonly sharesPower?: boolean | undefined;
    })
  /** Only with `testOnly: true` here and for the cluster. */
  | WithDefaults<SshSettings | NullSettings, 'port' | 'testOnly'>
  /** All else stands in the section `sbd`. */
  | Pick<SbdSettings, 'kind'>;

export type FenceDeviceFile = FenceDeviceFileSettings & {
  /** From 1; devices of the same level have to succeed together. Absent: the level after that of the device before. */
  readonly level?: number | undefined;
  /** Seconds that one call may take; absent: 20. */
  readonly timeout?: number | undefined;
};
