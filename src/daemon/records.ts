import {
  apply,
  canonical,
  configurationNotices,
  describeEntry,
  differences,
  withoutSecrets,
} from '../engine/index.ts';
import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type ConfigDifferences,
  type ConfigHistory,
  type ConfigHistoryEntry,
  type ConfigLoss,
  type ConfigView,
  type Result,
} from '../model/index.ts';
import type { HealthSource, Segment, Store } from '../ports/index.ts';

/** Entries of the history that are shown at most, however many are asked for. */
const SHOWN = 10_000;
const SHOWN_UNASKED = 50;
/** Changes that are applied in a row before others get their turn. */
const IN_A_ROW = 50;

export interface RecordsOptions {
  readonly store: Pick<Store, 'history' | 'losses' | 'clearLosses'>;
  readonly digest: (text: string) => string;
  /** The configuration as it is now. */
  readonly current: () => ClusterConfig;
  /** What was found wrong with the log at the start. */
  readonly damage: Parameters<Parameters<HealthSource['start']>[0]>[1];
}

/** What this node's record of the configuration tells; nothing of it decides anything. */
export interface Records {
  show(revision: number | undefined): Promise<Result<ConfigView>>;
  history(limit: number | undefined): Promise<Result<ConfigHistory>>;
  diff(from: number, to: number | undefined): Promise<Result<ConfigDifferences>>;
  /** As it is now, with its secrets. */
  present(): ClusterConfig;
  /** With its secrets, for the engine. */
  find(revision: number): Promise<Result<ClusterConfig>>;
  losses(): Promise<Result<readonly ConfigLoss[]>>;
  clearLosses(): Promise<Result<{ readonly cleared: number }>>;
  readonly health: HealthSource;
}

export function createRecords({ store, digest, current, damage }: RecordsOptions): Records {
  let tell: Parameters<HealthSource['start']>[0] = () => undefined;

  async function find(revision: number): Promise<Result<ClusterConfig>> {
    const present = current();
    if (revision === present.revision) return success(present);
    let ceiling = Infinity;
    for await (const segment of store.history()) {
      const { snapshot, entries } = segment;
      if (snapshot === undefined) continue;
      const last = entries.at(-1)?.revision ?? snapshot.revision;
      if (revision <= Math.min(ceiling, last) && revision >= snapshot.revision) {
        const config = await replay(segment, revision, digest);
        if (config?.clusterId === present.clusterId) return success(config);
      }
      ceiling = Math.min(ceiling, snapshot.undoneAfter ?? Infinity);
    }
    return failed(
      failure('revision_not_found', `revision ${revision} is not in the history of this node, or was undone`),
    );
  }

  async function history(limit = SHOWN_UNASKED): Promise<Result<ConfigHistory>> {
    const wanted = Math.min(limit, SHOWN);
    const entries: ConfigHistoryEntry[] = [];
    let ceiling = Infinity;
    let damaged = false;
    let newer: Segment['snapshot'];
    for await (const segment of store.history()) {
      damaged ||= segment.damaged;
      if (newer !== undefined && !leadsTo(segment, newer)) {
        entries.push(takenOver(newer, newer.revision > ceiling));
        ceiling = Math.min(ceiling, newer.undoneAfter ?? Infinity);
      }
      for (const { revision, entry } of segment.entries.toReversed()) {
        const what = describeEntry(entry.command);
        const undone = revision > ceiling;
        entries.push({ kind: 'change', revision, at: entry.at, by: entry.by, what, undone });
      }
      newer = segment.snapshot ?? newer;
      if (entries.length > wanted) break;
    }
    const more = entries.length > wanted;
    if (!more && newer !== undefined) entries.push(begun(newer, newer.revision > ceiling));
    return success({ entries: entries.slice(0, wanted), more: more || entries.length > wanted, damaged });
  }

  async function show(revision: number | undefined): Promise<Result<ConfigView>> {
    const found = revision === undefined ? success(current()) : await find(revision);
    if (!found.ok) return found;
    const isCurrent = found.value.revision === current().revision;
    return success({
      revision: found.value.revision,
      current: isCurrent,
      config: withoutSecrets(found.value),
    });
  }

  async function diff(from: number, to: number | undefined): Promise<Result<ConfigDifferences>> {
    const before = await find(from);
    if (!before.ok) return before;
    const after = to === undefined ? success(current()) : await find(to);
    if (!after.ok) return after;
    const found = differences(before.value, after.value);
    return success({ from: before.value.revision, to: after.value.revision, differences: found });
  }

  async function clearLosses(): Promise<Result<{ readonly cleared: number }>> {
    const known = await store.losses();
    if (!known.ok) return known;
    const cleared = await store.clearLosses();
    if (!cleared.ok) return cleared;
    tell(configurationNotices.lost, undefined);
    return success({ cleared: known.value.length });
  }

  /** What an earlier engine of this node found stays told, until it is mended or cleared. */
  const health: HealthSource = {
    start(told) {
      tell = told;
      void store.losses().then((known) => {
        const [newest] = known.ok ? known.value : [];
        if (newest !== undefined) told(configurationNotices.lost, failure('config_lost', newest.reason));
        if (damage !== undefined) told(configurationNotices.damaged, damage);
      });
    },
    close() {
      tell = () => undefined;
    },
  };

  return { show, history, diff, present: current, find, losses: () => store.losses(), clearLosses, health };
}

/** The configuration of a revision in this part of the history; undefined where it cannot be had. */
async function replay(
  { snapshot, entries }: Segment,
  revision: number,
  digest: (text: string) => string,
): Promise<ClusterConfig | undefined> {
  if (snapshot === undefined) return undefined;
  let config = JSON.parse(snapshot.config) as ClusterConfig;
  let { hash } = snapshot;
  for (const [index, each] of entries.entries()) {
    if (config.revision >= revision) break;
    if (index % IN_A_ROW === 0) await new Promise((resolve) => setImmediate(resolve));
    const applied = apply(config, each.entry);
    if (!applied.ok || applied.value.revision !== each.revision) return undefined;
    config = applied.value;
    ({ hash } = each);
  }
  return config.revision === revision && digest(canonical(config)) === hash ? config : undefined;
}

/** Whether the snapshot only sums up what this part of the history ends with. */
function leadsTo({ snapshot, entries }: Segment, next: NonNullable<Segment['snapshot']>): boolean {
  const last = entries.at(-1) ?? snapshot;
  return last?.revision === next.revision && last.hash === next.hash;
}

const takenOver = (
  { revision, at, undoneAfter }: NonNullable<Segment['snapshot']>,
  undone: boolean,
): ConfigHistoryEntry => {
  const lost =
    undoneAfter === undefined ? '' : `; what this node had after revision ${undoneAfter} was undone`;
  return {
    kind: 'taken-over',
    revision,
    at,
    by: 'engine',
    what: `taken over from another node${lost}`,
    undone,
  };
};

/** Where the history of this node begins. */
const begun = (snapshot: NonNullable<Segment['snapshot']>, undone: boolean): ConfigHistoryEntry => ({
  kind: 'taken-over',
  revision: snapshot.revision,
  at: snapshot.at,
  by: 'engine',
  what: snapshot.revision === 1 ? 'the cluster was formed' : 'older changes are not on this node',
  undone,
});
