import type { GenerationsByNode } from './generations.ts';
import type { HostName, NodeName, OperationId, PoolName } from './intent.ts';
import type { Failure } from './failure.ts';
import type { Bytes, Milliseconds } from './units.ts';

/**
 * Each copy of a pool has data that the other lacks: a split brain, which DRBD never mends by itself. While this stands
 * in the configuration, no copy is promoted but that of `PoolIntent.solo`.
 */
export interface PoolSplit {
  /** When it was found, by the time of day. */
  readonly since: Milliseconds;
  /** Since when one node went on without the other; absent: nobody knows. */
  readonly apart?: Milliseconds;
  /** `unrelated`: the copies have no past in common, and one of the disks has to be made new. */
  readonly relation: 'split' | 'unrelated';
  readonly generations: GenerationsByNode;
}

/**
 * `victim`: that node connects again, and says that its own changes are to be discarded. `survivor`: the other one
 * connects again. `meet`: both wait for each other; where they part again, it begins anew. `fill`: they have met, and the
 * victim is filled from the other one.
 */
export type RecoveryPhase = 'victim' | 'survivor' | 'meet' | 'fill';

/** A person has chosen whose changes are lost. */
export interface PoolRecovery {
  readonly discard: NodeName;
  readonly phase: RecoveryPhase;
  /** How often it was begun; they may part again when one of them ends in the middle. */
  readonly attempt: number;
  readonly operation: OperationId;
}

/** Times that the two copies are brought together before it is given up. */
export const RECOVERY_ATTEMPTS = 5;

export type SplitCommand =
  /** Both kernels say so. `primary`: the only node that serves; its copy alone may be promoted from now on. */
  | {
      readonly kind: 'pool.split';
      readonly name: PoolName;
      readonly relation: PoolSplit['relation'];
      readonly generations: GenerationsByNode;
      readonly primary: NodeName | undefined;
    }
  /** The copies have met, however that came about. */
  | { readonly kind: 'pool.joined'; readonly name: PoolName }
  | {
      readonly kind: 'pool.recover';
      readonly name: PoolName;
      readonly discard: NodeName;
      readonly operation: OperationId;
    }
  | {
      readonly kind: 'recover.step';
      readonly name: PoolName;
      readonly operation: OperationId;
      readonly phase: 'victim' | 'survivor' | 'meet';
    }
  /** Both copies were seen current. */
  | { readonly kind: 'recover.done'; readonly name: PoolName; readonly operation: OperationId }
  | {
      readonly kind: 'recover.failed';
      readonly name: PoolName;
      readonly operation: OperationId;
      readonly failure: Failure;
    };

/** What a person has to know to choose. */
export interface SplitView {
  readonly since: Milliseconds;
  /** Since when they have differed; absent: nobody knows. */
  readonly apart?: Milliseconds;
  readonly relation: PoolSplit['relation'];
  /** Whose changes are being discarded. */
  readonly discarding?: NodeName;
  readonly copies: readonly SplitCopy[];
}

export interface SplitCopy {
  readonly node: NodeName;
  /** It serves the pool now. */
  readonly serves: boolean;
  /** Of its mirror, in DRBD's words; `unknown` where nobody could look. */
  readonly disk: string;
  readonly connection: string;
  /** Written there since they parted; absent: it cannot be known just now. */
  readonly differs?: Bytes;
  /** Hosts that are connected through it, and so may have written; absent: it is not known who wrote there. */
  readonly hosts?: readonly HostName[];
}
