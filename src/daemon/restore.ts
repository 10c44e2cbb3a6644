import { apply, canonical } from '../engine/index.ts';
import {
  failed,
  failure,
  invariant,
  success,
  type ClusterConfig,
  type LogEntry,
  type Result,
} from '../model/index.ts';
import type { StoredEntry, StoredLog } from '../ports/index.ts';

/** The configuration that a log on disk stands for; undefined on a node that belongs to no cluster. */
export function restore(log: StoredLog, digest: (text: string) => string): Result<ClusterConfig | undefined> {
  if (log.snapshot === undefined) return success(undefined);
  const config = JSON.parse(log.snapshot.config) as ClusterConfig;
  if (digest(canonical(config)) !== log.snapshot.hash)
    return failed(
      failure('store_damaged', `the snapshot of revision ${log.snapshot.revision} has another hash`),
    );
  return replay(config, log.entries, digest);
}

function replay(
  start: ClusterConfig,
  entries: readonly StoredEntry[],
  digest: (text: string) => string,
): Result<ClusterConfig> {
  let config = start;
  for (const { revision, hash, entry } of entries) {
    const applied = apply(config, entry);
    const fits =
      applied.ok && applied.value.revision === revision && digest(canonical(applied.value)) === hash;
    if (!fits)
      return failed(
        failure('store_damaged', `revision ${revision} on disk does not follow from ${config.revision}`),
      );
    config = applied.value;
  }
  return success(config);
}

/** The effect carries the entry as an object, since the engine knows nothing of the store's shapes. */
export function asLogEntry(entry: object): LogEntry {
  invariant('command' in entry && 'id' in entry, 'what is appended to the log is a log entry');
  return entry as LogEntry;
}
