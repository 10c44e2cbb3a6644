import { apply, canonical, describeEntry, markOf, type KnownChange, type Stored } from '../engine/index.ts';
import { failure, invariant, type ClusterConfig, type Failure, type LogEntry } from '../model/index.ts';
import type { Segment, Snapshot, Store, StoredEntry, StoredLog } from '../ports/index.ts';

/** What the log on disk, with what is kept beside it, stands for. */
export type Restored =
  | { readonly kind: 'none' }
  /** `changes`: those that the log holds, oldest first. */
  | { readonly kind: 'whole'; readonly config: ClusterConfig; readonly changes: readonly KnownChange[] }
  /** The newest configuration that can still be read; later changes may be missing. */
  | {
      readonly kind: 'part';
      readonly config: ClusterConfig;
      readonly changes: readonly KnownChange[];
      readonly failure: Failure;
    }
  | { readonly kind: 'unusable'; readonly failure: Failure };

type Digest = (text: string) => string;

/** A configuration, and the changes that led to it from a snapshot. */
interface Line {
  readonly config: ClusterConfig;
  readonly changes: readonly KnownChange[];
}

/**
 * The configuration that a log on disk stands for. Everything is believed only as far as its hash says that it is what
 * this cluster once agreed on: a snapshot, and entries that follow from it one by one. Where the log is not whole, the
 * copy beside it and the history are snapshots too, and the newest configuration wins that follows from any of them.
 */
export function restore(log: StoredLog, digest: Digest): Restored {
  const base = open(log.snapshot, digest);
  const copy = open(log.copy, digest);
  const refused = [base, copy].find((one) => one.kind === 'newer');
  if (refused?.kind === 'newer') return { kind: 'unusable', failure: newer(refused.format) };
  if (base.kind === 'config' && copy.kind === 'config' && base.config.clusterId !== copy.config.clusterId)
    return { kind: 'unusable', failure: foreign(base.config, copy.config) };

  const followed = base.kind === 'config' ? follow(base.config, log.entries, digest) : undefined;
  const wrong = whatIsWrong(log, base, followed);
  if (followed !== undefined && wrong === undefined) {
    const ahead = copy.kind === 'config' && !log.replacing && isNewer(copy.config, followed.config);
    if (!ahead) return { kind: 'whole', config: followed.config, changes: followed.changes };
    const { revision } = copy.config;
    const message = `the log goes back to revision ${followed.config.revision}, and revision ${revision} has been on this disk`;
    return { kind: 'part', config: copy.config, changes: [], failure: damaged(message) };
  }
  if (wrong === undefined && copy.kind === 'none' && log.earlier.length === 0) return { kind: 'none' };
  const reason = damaged(wrong ?? 'the log is not on the disk any more');
  const best = newestOf(lines(log, copy, followed, digest));
  return best === undefined
    ? { kind: 'unusable', failure: reason }
    : { kind: 'part', config: best.config, changes: best.changes, failure: reason };
}

type Opened =
  | { readonly kind: 'none' }
  | { readonly kind: 'config'; readonly config: ClusterConfig }
  | { readonly kind: 'newer'; readonly format: number }
  | { readonly kind: 'wrong'; readonly revision: number };

function open(snapshot: Snapshot | undefined, digest: Digest): Opened {
  if (snapshot === undefined) return { kind: 'none' };
  const config = parse(snapshot.config);
  if (config === undefined || digest(canonical(config)) !== snapshot.hash)
    return { kind: 'wrong', revision: snapshot.revision };
  const { format } = config as { readonly format: unknown };
  if (format === 1) return { kind: 'config', config };
  return typeof format === 'number' && format > 1
    ? { kind: 'newer', format }
    : { kind: 'wrong', revision: snapshot.revision };
}

function parse(text: string): ClusterConfig | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as ClusterConfig) : undefined;
  } catch {
    return undefined;
  }
}

/** The entries that follow one by one; `stopped` says why not all of them. Those from before are passed over. */
function follow(
  start: ClusterConfig,
  entries: readonly StoredEntry[],
  digest: Digest,
): Line & { readonly stopped: string | undefined } {
  const changes: KnownChange[] = [];
  let config = start;
  for (const { revision, hash, entry } of entries) {
    const next = revision === config.revision + 1 ? applied(config, entry) : undefined;
    if (next === undefined || digest(canonical(next)) !== hash) {
      const jump = revision <= config.revision ? 'jumps back behind' : 'does not follow from';
      return { config, changes, stopped: `revision ${revision} on disk ${jump} ${config.revision}` };
    }
    config = next;
    changes.push({ revision, hash, at: entry.at, by: entry.by, what: describeEntry(entry.command) });
  }
  return { config, changes, stopped: undefined };
}

/** An entry that is not one of ours may be anything. */
function applied(config: ClusterConfig, entry: LogEntry): ClusterConfig | undefined {
  try {
    const result = apply(config, entry);
    return result.ok && result.value.revision === config.revision + 1 ? result.value : undefined;
  } catch {
    return undefined;
  }
}

function whatIsWrong(
  { damage }: StoredLog,
  base: Opened,
  followed: { readonly stopped: string | undefined } | undefined,
): string | undefined {
  if (damage?.kind === 'damaged') return damage.message;
  if (base.kind === 'wrong') return `the snapshot of revision ${base.revision} has another hash`;
  if (followed !== undefined) return followed.stopped;
  return damage?.message;
}

function lines(log: StoredLog, copy: Opened, followed: Line | undefined, digest: Digest): readonly Line[] {
  const all = [...log.entries, ...log.beyond];
  const onward = (start: ClusterConfig): Line =>
    follow(
      start,
      all.filter(({ revision }) => revision > start.revision),
      digest,
    );
  const fromCopy = copy.kind === 'config' ? [onward(copy.config)] : [];
  const fromHistory = log.earlier.flatMap((segment: Segment) => {
    const base = open(segment.snapshot, digest);
    return base.kind === 'config' ? [onward(follow(base.config, segment.entries, digest).config)] : [];
  });
  const found = [...(followed === undefined ? [] : [followed]), ...fromCopy];
  // What is older than the log and its copy counts only where neither can be read.
  return found.length > 0 ? found : fromHistory.slice(0, 1);
}

const newestOf = (found: readonly Line[]): Line | undefined =>
  found.reduce<Line | undefined>(
    (best, line) => (best === undefined || isNewer(line.config, best.config) ? line : best),
    undefined,
  );

/** As nodes choose among configurations that differ. */
const isNewer = (a: ClusterConfig, b: ClusterConfig): boolean =>
  a.generation > b.generation || (a.generation === b.generation && a.revision > b.revision);

const damaged = (message: string): Failure => failure('store_damaged', message);

const newer = (format: number): Failure =>
  failure('store_newer', `the configuration has format ${format}; this version of Keelson reads 1`);

const foreign = (log: ClusterConfig, copy: ClusterConfig): Failure =>
  failure(
    'store_foreign',
    `configuration.log is of the cluster ${log.clusterName} (${log.clusterId.slice(0, 8)}), and the copy beside it of ${copy.clusterName} (${copy.clusterId.slice(0, 8)})`,
  );

/** The effect carries the entry as an object, since the engine knows nothing of the store's shapes. */
export function asLogEntry(entry: object): LogEntry {
  invariant('command' in entry && 'id' in entry, 'what is appended to the log is a log entry');
  return entry as LogEntry;
}

/** Enough to tell where this node's configurations and another node's part. */
const MARKS = 500;

/** The last revisions that led to the configuration on this node's disk, oldest first, as far as one leads to the next. */
export async function readTrail(store: Pick<Store, 'history'>): Promise<readonly Stored[]> {
  let marks: readonly Stored[] = [];
  for await (const { snapshot, entries } of store.history()) {
    const all = [...(snapshot === undefined ? [] : [snapshot]), ...entries];
    const found = all.map(({ revision, hash }) => markOf(revision, hash));
    const [first] = marks;
    const joint = found.findLastIndex(
      ({ revision, hash }) => revision === first?.revision && hash === first.hash,
    );
    if (first !== undefined && joint < 0) break;
    marks = [...(first === undefined ? found : found.slice(0, joint)), ...marks];
    if (snapshot === undefined || marks.length >= MARKS) break;
  }
  return marks.slice(-MARKS);
}
