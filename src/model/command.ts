import type { BackupOrigin } from './backup.ts';
import type { Failure } from './failure.ts';
import type { ClusterConfig, HostName, LunName, OperationId, NodeName, PoolName } from './intent.ts';
import type { FencingCommand } from './fence-proof.ts';
import type { HostCommand } from './host.ts';
import type { PolicyCommand } from './policy.ts';
import type { TargetCommand } from './target.ts';
import type { Condition, EntryKey } from './terms.ts';
import type { ReplacementCommand } from './replacement.ts';
import type { SnapshotCommand, SourceName } from './snapshot.ts';
import type { SplitCommand } from './split.ts';
import type { Bytes, Milliseconds } from './units.ts';
import type { WitnessCommand } from './witness-change.ts';

/** What of a configuration is intent; the rest is identity, state or book-keeping. Holds secrets. */
export type RestorableIntent = Omit<
  ClusterConfig,
  | 'format'
  | 'clusterId'
  | 'clusterName'
  | 'revision'
  | 'generation'
  | 'operations'
  | 'nextLunNumber'
  | 'fencing'
  | 'witnessChange'
  | 'keys'
  | 'replacement'
  | 'snapshots'
>;

/** The only ways to change the configuration. `engine/config` applies them, the same on every node. */
export type Command =
  | {
      readonly kind: 'lun.create';
      readonly name: LunName;
      readonly pool: PoolName;
      readonly target: string;
      readonly size: Bytes;
      readonly thin?: true | undefined;
      readonly hosts: readonly HostName[];
      /** Those of them that can only read. */
      readonly readOnlyHosts?: readonly HostName[] | undefined;
      readonly serial: string;
      /** It is a clone of this LUN or snapshot, as it is at one instant; `size` is that of its data. */
      readonly from?: SourceName | undefined;
      readonly operation: OperationId;
    }
  /** The volume exists on the pool; the LUN may be exported from now on. */
  | { readonly kind: 'lun.created'; readonly name: LunName }
  /** The volume could not be made; the LUN vanishes, its operation says why. */
  | { readonly kind: 'lun.createFailed'; readonly name: LunName; readonly failure: Failure }
  | {
      readonly kind: 'lun.delete';
      readonly name: LunName;
      /** Its snapshots go with it. */
      readonly snapshots?: true | undefined;
      readonly operation: OperationId;
    }
  | { readonly kind: 'lun.deleted'; readonly name: LunName }
  | {
      readonly kind: 'lun.grow';
      readonly name: LunName;
      readonly size: Bytes;
      readonly operation: OperationId;
    }
  /** The volume has the size that this operation asked for. */
  | { readonly kind: 'lun.grown'; readonly name: LunName; readonly operation: OperationId }
  /** It could not be extended; the LUN goes on as it was. */
  | {
      readonly kind: 'lun.growFailed';
      readonly name: LunName;
      readonly operation: OperationId;
      readonly failure: Failure;
    }
  /** A node that is off is to be given its power. */
  | { readonly kind: 'node.power-on'; readonly node: NodeName; readonly operation: OperationId }
  | { readonly kind: 'pool.initialised'; readonly name: PoolName }
  | { readonly kind: 'pool.solo'; readonly name: PoolName; readonly node: NodeName | undefined }
  /** The nodes that are there go on without those that are off: their line of changes counts from here on, and no other. */
  | { readonly kind: 'cluster.carriedOn'; readonly without: readonly NodeName[] }
  | HostCommand
  | TargetCommand
  | PolicyCommand
  | FencingCommand
  | WitnessCommand
  | ReplacementCommand
  | SplitCommand
  | SnapshotCommand
  /** Brings back what an earlier revision asked for, as far as that neither makes nor destroys data. */
  | {
      readonly kind: 'config.restore';
      readonly revision: number;
      readonly intent: RestorableIntent;
      /** Where it came from a backup; undefined: from this cluster's own record. */
      readonly saved?: BackupOrigin | undefined;
    }
  | { readonly kind: 'operation.finished'; readonly id: OperationId; readonly failure: Failure | undefined };

/** A command as it stands in the log. */
export interface LogEntry {
  /** Unique, so that an entry that is delivered twice is applied once. */
  readonly id: string;
  readonly at: Milliseconds;
  /** The generation of the view it was proposed in; void in any other. */
  readonly generation: number;
  /** Who asked: `api`, `engine`. */
  readonly by: string;
  readonly command: Command;
  /** Void where the object is another one by then. */
  readonly condition?: Condition;
  /** Void where it was carried out under this key already. */
  readonly key?: EntryKey;
}
