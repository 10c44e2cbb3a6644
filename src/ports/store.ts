import type { LogEntry, Result } from '../model/index.ts';

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
}

export interface StoredLog {
  readonly snapshot: Snapshot | undefined;
  readonly entries: readonly StoredEntry[];
  /** Set where the tail or the whole file was damaged and cut off; for the log and the status. */
  readonly damage: string | undefined;
}

/** The configuration on this node's disk. What is resolved has been flushed to the disk, crash-safe at any byte. */
export interface Store {
  load(): Promise<Result<StoredLog>>;
  append(entry: StoredEntry): Promise<Result<void>>;
  /** Atomically replaces the log by the snapshot (compaction, or a newer configuration from the peer). */
  replace(snapshot: Snapshot): Promise<Result<void>>;
}
