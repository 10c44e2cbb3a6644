import type { NodeName, OperationId, PoolName } from './intent.ts';
import type { Bytes } from './units.ts';

/** Known to the old machine, and so drawn anew. Secret. */
export interface RenewedKeys {
  /** Corosync's: whoever has the one of before stays out of the cluster. */
  readonly authkey: string;
  /** Of the API. */
  readonly token: string;
}

/**
 * `keys`, of a machine: the nodes that are there take new keys, while it is off. `away`: the node's mirrors are taken down, and nothing on its disks is believed any more. `fill`: the new disks get
 * new metadata when the mirrors start there, and are filled from the other node.
 */
export type ReplacementPhase = 'keys' | 'away' | 'fill';

/** Disks of a node, or its whole machine, are being replaced; the other node serves. */
export interface Replacement {
  readonly node: NodeName;
  /** The machine is another one: it joins with a secret that is good for this alone. */
  readonly machine?: true;
  /** In `keys`, for the nodes that are there; gone with it. */
  readonly secrets?: RenewedKeys;
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
      readonly machine?: true | undefined;
      readonly secrets?: RenewedKeys | undefined;
      readonly disks: Readonly<Record<PoolName, string>>;
      readonly overwrite?: readonly string[] | undefined;
      readonly operation: OperationId;
    }
  /** Every node that is there has the new keys. */
  | { readonly kind: 'replace.away'; readonly operation: OperationId }
  /** Nothing of the old disks is in use: the other node alone has the current data from now on. */
  | {
      readonly kind: 'replace.fill';
      readonly operation: OperationId;
      readonly sizes: Readonly<Record<PoolName, Bytes>>;
    }
  /** Both copies of all its pools were seen current. */
  | { readonly kind: 'replace.done'; readonly operation: OperationId };
