import type { Milliseconds } from './units.ts';

/** What the configuration's record tells of its past, without secrets. */
export interface ConfigChange {
  readonly revision: number;
  readonly at: Milliseconds;
  /** Who asked: `api`, `engine`. */
  readonly by: string;
  /** One phrase: `lun.create orders`. */
  readonly what: string;
}

/** A change in the history of this node. */
export interface ConfigHistoryEntry {
  /** `taken-over`: not made here; the whole configuration came from another node. */
  readonly kind: 'change' | 'taken-over';
  readonly revision: number;
  /** Unknown of configurations that were taken over before their time was kept. */
  readonly at: Milliseconds | undefined;
  readonly by: string;
  readonly what: string;
  /** It was undone when another node's configuration was taken over. */
  readonly undone: boolean;
}

/** Newest first. */
export interface ConfigHistory {
  readonly entries: readonly ConfigHistoryEntry[];
  /** Older ones are there: asking for more would show them. */
  readonly more: boolean;
  /** A part of the history on this node's disk is damaged and left out. */
  readonly damaged: boolean;
}

export interface ConfigView {
  readonly revision: number;
  /** Whether it is the present one. */
  readonly current: boolean;
  /** As `ClusterConfig`, secrets as `(hidden)`. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** One value that differs. `path` as in `luns.orders.size`; values as JSON, secrets as `(hidden)`. */
export interface ConfigDifference {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface ConfigDifferences {
  readonly from: number;
  readonly to: number;
  readonly differences: readonly ConfigDifference[];
}

/** What a restore brought back, or would; and what it left as it is, with the reason. */
export interface ConfigRestored {
  /** The one that was to be brought back. */
  readonly from: number;
  /** The revision that has it now; the present one where nothing was changed. */
  readonly revision: number;
  readonly dryRun: boolean;
  readonly restored: readonly ConfigDifference[];
  readonly kept: readonly { readonly subject: string; readonly reason: string }[];
}

/** What this node knew and lost when another node's configuration replaced its own, or when its own could not be read. */
export interface ConfigLoss {
  readonly at: Milliseconds;
  /** Why, as a sentence. */
  readonly reason: string;
  /** This node's revision before, and the one it has since. */
  readonly before: number;
  readonly after: number;
  /** The changes that were undone, oldest first; the newest ones where there were more than are kept. */
  readonly changes: readonly ConfigChange[];
  /** From what it had to what it has. */
  readonly differences: readonly ConfigDifference[];
}
