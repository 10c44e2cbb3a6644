import type { NodeName, OperationId, PoolName } from './intent.ts';
import type { Bytes } from './units.ts';

/**
 * `away`: the node's mirrors are taken down, and nothing on its disks is believed any more. `fill`: the new disks get
 * new metadata when the mirrors start there, and are filled from the other node.
 */
export type ReplacementPhase = 'away' | 'fill';

/** Disks of a node are being replaced; the other node serves. */
export interface Replacement {
  readonly node: NodeName;
  /** The new disk of each pool that gets one. */
  readonly disks: Readonly<Record<PoolName, string>>;
  /** Disks of these that may lose what they carry: a person has named them. */
  readonly overwrite?: readonly string[];
  readonly phase: ReplacementPhase;
  /** Since `fill`: what a new disk must hold, besides the metadata. */
  readonly sizes?: Readonly<Record<PoolName, Bytes>>;
  readonly operation: OperationId;
}

export type ReplacementCommand =
  | {
      readonly kind: 'node.replace';
      readonly node: NodeName;
      readonly disks: Readonly<Record<PoolName, string>>;
      readonly overwrite?: readonly string[] | undefined;
      readonly operation: OperationId;
    }
  /** Nothing of the old disks is in use: the other node alone has the current data from now on. */
  | {
      readonly kind: 'replace.fill';
      readonly operation: OperationId;
      readonly sizes: Readonly<Record<PoolName, Bytes>>;
    }
  /** Both copies of all its pools were seen current. */
  | { readonly kind: 'replace.done'; readonly operation: OperationId };
