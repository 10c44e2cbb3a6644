import type { ConfigLoss, LogEntry, Milliseconds, Result } from '../model/index.ts';

/** An applied command as it stands on disk. `hash` is that of the configuration after it. */
export interface StoredEntry {
  readonly revision: number;
  readonly hash: string;
  readonly entry: LogEntry;
}

/** A whole configuration, as text, that replaces what came before: at the start of a log, or taken over from a peer. */
export interface Snapshot {
  readonly revision: number;
  readonly hash: string;
  readonly config: string;
  /** When it replaced what came before. */
  readonly at?: Milliseconds;
  /** It came from a peer: what stands before it after this revision was undone. */
  readonly undoneAfter?: number;
}

/** A snapshot and what was appended to it. */
export interface Segment {
  readonly snapshot: Snapshot | undefined;
  readonly entries: readonly StoredEntry[];
}

/**
 * What is wrong with the log. `torn`: what a loss of power in the middle of a write leaves behind, which was never
 * acknowledged. Anything else may have been.
 */
export interface Damage {
  readonly kind: 'torn' | 'damaged';
  readonly message: string;
}

export interface StoredLog extends Segment {
  readonly damage: Damage | undefined;
  /** Whole entries behind the damaged place. */
  readonly beyond: readonly StoredEntry[];
  /** The whole configuration that is kept beside the log, where it can be read: never from before the log's snapshot. */
  readonly copy: Snapshot | undefined;
  /** A replace was begun and is not done: the copy may be of a configuration that the log does not know yet. */
  readonly replacing: boolean;
  /** What came before the log, newest first; read only where the log is damaged. */
  readonly earlier: readonly Segment[];
}

/** The configuration on this node's disk. What is resolved has been flushed to the disk, crash-safe at any byte. */
export interface Store {
  /** Fails with `store_newer` where a newer Keelson wrote it, and with `store_failed` where the disk cannot be read. */
  load(): Promise<Result<StoredLog>>;
  /** Refused after any write that failed, until a replace: an entry that is missing must not be followed by others. */
  append(entry: StoredEntry): Promise<Result<void>>;
  /**
   * Atomically replaces the log by the snapshot (compaction, or a newer configuration from the peer). The log before
   * it becomes the newest part of the history.
   */
  replace(snapshot: Snapshot): Promise<Result<void>>;
  /** Replaces the copy beside the log, from which a damaged log is restored. */
  keep(snapshot: Snapshot): Promise<Result<void>>;
  /** The log and what came before it, newest first, as far as it can be read; one whole file at a time. */
  history(): AsyncIterable<Segment & { readonly damaged: boolean }>;
  /** Keeps a record of what was lost, before anything that is asked for later is written. The same twice is kept once. */
  keepLoss(loss: ConfigLoss): Promise<Result<void>>;
  /** Newest first. */
  losses(): Promise<Result<readonly ConfigLoss[]>>;
  clearLosses(): Promise<Result<void>>;
}
