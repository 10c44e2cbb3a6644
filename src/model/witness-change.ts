import type { ClusterFile } from './cluster-file.ts';
import type { Failure } from './failure.ts';
import type { RenewedKeys } from './replacement.ts';
import type { OperationId, WitnessIntent } from './intent.ts';

/** What a node shows the witness, and knows it by; the same on all nodes of a cluster. Secret. */
export interface WitnessCredentials {
  /** The witness's certificate authority, PEM. */
  readonly authority: string;
  /** The cluster's certificate and its key: PKCS #12 without a password, as base64. */
  readonly identity: string;
}

/** A witness as people ask for it: as in the cluster file. */
export type WitnessAsked = NonNullable<ClusterFile['witness']>;

/**
 * `prepare`: every node gets what it needs to ask the witness, and looks for it; nothing of Corosync's is touched.
 * `write`: every node writes its corosync.conf; what runs goes on by the rules of before. `apply`: Corosync takes the
 * new rules on all nodes at once, and the device that asks the witness is started, or stopped.
 */
export type WitnessPhase = 'prepare' | 'write' | 'apply';

/** What the nodes have to do beside the engine: for a change of the witness, or (`keys`) for the replacement of a machine. */
export type TaskPhase = WitnessPhase | 'keys';

/** A witness comes or goes: the rules of quorum are being changed on all nodes. */
export interface WitnessChange {
  readonly kind: 'witness.add' | 'witness.remove';
  /** The one that comes, or goes. */
  readonly witness: WitnessIntent;
  readonly phase: WitnessPhase;
  readonly operation: OperationId;
  /** For every node; gone with the change. Absent where the connection is not encrypted, or the witness goes. */
  readonly secrets?: WitnessCredentials;
}

export type WitnessCommand =
  | {
      readonly kind: 'witness.add';
      readonly witness: WitnessIntent;
      readonly secrets?: WitnessCredentials | undefined;
      readonly operation: OperationId;
    }
  | { readonly kind: 'witness.remove'; readonly operation: OperationId }
  /** Every node is done with the phase before. */
  | { readonly kind: 'witness.step'; readonly operation: OperationId; readonly phase: WitnessPhase }
  /** Every node goes by the new rules. */
  | { readonly kind: 'witness.changed'; readonly operation: OperationId }
  /** A node cannot prepare for it: nothing was changed. */
  | { readonly kind: 'witness.failed'; readonly operation: OperationId; readonly failure: Failure };

/** How far a node is with its part; its own word. */
export interface WitnessProgress {
  readonly operation: OperationId;
  readonly phase: TaskPhase;
  /** Absent: it is done with this phase. */
  readonly failure?: Failure | undefined;
}

/** What one node has to do for a change of the rules of quorum, or of the keys. All of it may be repeated. */
export type NodeTask = WitnessTask | ({ readonly kind: 'keys' } & RenewedKeys);

export type WitnessTask =
  | {
      readonly kind: 'prepare';
      readonly clusterName: string;
      readonly witness: WitnessIntent;
      readonly secrets: WitnessCredentials | undefined;
    }
  /** `witness`: undefined where it goes. */
  | { readonly kind: 'write'; readonly nodes: number; readonly witness: WitnessIntent | undefined }
  | {
      readonly kind: 'apply';
      readonly nodes: number;
      /** This node's id in Corosync. */
      readonly id: number;
      readonly witness: WitnessIntent | undefined;
      /** Has Corosync read its configuration anew, on all nodes. */
      readonly reload: boolean;
    };
