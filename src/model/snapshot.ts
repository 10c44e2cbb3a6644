import type { Failure } from './failure.ts';
import type { LunName, OperationId, PoolName } from './intent.ts';
import type { Bytes, Milliseconds } from './units.ts';

/** `LUN@NAME`, such as `db@before-upgrade`. */
export type SnapshotName = string;
/** What a clone is made of: a LUN, or a snapshot (with an @). */
export type SourceName = string;
/** Of a volume of a pool; one that Keelson chose is never used again. */
export type VolumeName = string;

/**
 * What a thin LUN held at one instant. Its volume shares all blocks with the LUN's that neither has written since, and
 * needs nothing of the LUN: either may go without the other.
 */
export interface SnapshotIntent {
  readonly name: SnapshotName;
  readonly lun: LunName;
  readonly pool: PoolName;
  /** Of the LUN at that instant. */
  readonly size: Bytes;
  readonly volume: VolumeName;
  /** When it was asked for: all that was acknowledged to hosts before is in it. */
  readonly createdAt: Milliseconds;
  readonly state: 'creating' | 'ready' | 'deleting';
  readonly operation: OperationId;
  /** It holds what the LUN held when it was rolled back. */
  readonly keptBy?: 'rollback';
}

/** A LUN gets the data of a snapshot. */
export interface Rollback {
  readonly snapshot: SnapshotName;
  /**
   * In it the new volume is being made; then the two change their volumes, by one entry of the log. It goes afterwards
   * where nobody wants to keep it.
   */
  readonly kept: SnapshotName;
  readonly discard?: true;
  readonly operation: OperationId;
}

/** What a new volume of ours is called: a word that no LUN can have, and 32 hex digits that were never used. */
export const snapshotVolume = (serial: string): VolumeName => `keelson_snap_${serial}`;

/** The LUN of a snapshot, by its name. */
export const lunOfSnapshot = (name: SnapshotName): LunName => name.slice(0, Math.max(0, name.indexOf('@')));

export type SnapshotCommand =
  | {
      readonly kind: 'snapshot.create';
      readonly name: SnapshotName;
      readonly serial: string;
      readonly operation: OperationId;
    }
  /** Its volume holds what it is to hold. */
  | { readonly kind: 'snapshot.created'; readonly name: SnapshotName; readonly operation: OperationId }
  /** It could not be made; it vanishes, its operation says why. */
  | {
      readonly kind: 'snapshot.createFailed';
      readonly name: SnapshotName;
      readonly operation: OperationId;
      readonly failure: Failure;
    }
  | { readonly kind: 'snapshot.delete'; readonly name: SnapshotName; readonly operation: OperationId }
  | { readonly kind: 'snapshot.deleted'; readonly name: SnapshotName; readonly operation: OperationId }
  | {
      readonly kind: 'lun.rollback';
      readonly name: LunName;
      readonly snapshot: SnapshotName;
      /** What the LUN holds now is not kept. */
      readonly discard?: true | undefined;
      readonly serial: string;
      readonly operation: OperationId;
    }
  /** The new volume is there: it is the LUN's from now on. */
  | { readonly kind: 'lun.rolledBack'; readonly name: LunName; readonly operation: OperationId }
  /** It could not be made; the LUN goes on with what it held. */
  | {
      readonly kind: 'lun.rollbackFailed';
      readonly name: LunName;
      readonly operation: OperationId;
      readonly failure: Failure;
    };
