import type { NodeName } from './intent.ts';
import type { ClusterProperties } from './intent.ts';

/** What a person writes to form a cluster (YAML or JSON), validated by the API's schema of the same name. */
export interface ClusterFile {
  readonly name: string;
  readonly nodes: readonly {
    readonly name: NodeName;
    readonly management: string;
    readonly cluster: string;
    readonly replication: string;
    /** The disk to mirror, as a stable path (/dev/disk/by-id/...). It must carry no data. */
    readonly disk: string;
    readonly fence: {
      readonly kind: 'ipmi';
      readonly address: string;
      readonly port?: number | undefined;
      readonly username: string;
      readonly password: string;
    };
  }[];
  readonly pool: { readonly name: string; readonly preferredNode?: NodeName | undefined };
  readonly target: {
    readonly iqn: string;
    /** Address with prefix length, such as 10.0.3.100/24; the interface is found by its subnet. */
    readonly portals: readonly string[];
  };
  readonly hosts: readonly { readonly name: string; readonly initiators: readonly string[] }[];
  readonly properties?:
    | {
        readonly quorumPolicy?: ClusterProperties['quorumPolicy'] | undefined;
        /** Milliseconds. */
        readonly token?: number | undefined;
        readonly engineGrace?: number | undefined;
        readonly fenceDelay?: number | undefined;
        readonly patience?: number | undefined;
      }
    | undefined;
}
