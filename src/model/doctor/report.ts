import type { NodeName } from '../intent.ts';
import type { Milliseconds } from '../units.ts';

/**
 * forbids: a set-up, or a failover, would fail or endanger data. warns: it works, and something is not as it should be.
 * informs: nothing is wrong.
 */
export const weights = ['forbids', 'warns', 'informs'] as const;
export type Weight = (typeof weights)[number];

/** What the doctor found: something that a person should know before it matters. */
export interface Diagnosis {
  /** Of `checks`, or of a problem of the status. */
  readonly code: string;
  readonly weight: Weight;
  /** Absent: it is of the cluster. */
  readonly node?: NodeName | undefined;
  readonly found: string;
  readonly why: string;
  readonly mend: string;
}

/** Whether the SAN would go on serving if this node were lost now. */
export interface Verdict {
  readonly node: NodeName;
  readonly survives: boolean;
  /** Why not; where it would, what says so. */
  readonly because: readonly string[];
}

export interface DoctorReport {
  readonly at: Milliseconds;
  /** Who looked. */
  readonly by: NodeName;
  /** Undefined before there is a cluster. */
  readonly clusterName?: string | undefined;
  readonly nodes: readonly { readonly node: NodeName; readonly examined: boolean }[];
  /** Worst first. */
  readonly diagnoses: readonly Diagnosis[];
  /** Of the nodes that are asked about; none before there is a cluster, or where nothing is known of it. */
  readonly verdicts: readonly Verdict[];
}
