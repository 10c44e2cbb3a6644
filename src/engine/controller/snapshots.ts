import {
  failed,
  failure,
  lunOfSnapshot,
  success,
  within,
  type ClusterConfig,
  type Command,
  type Failure,
  type KeyRecord,
  type OperationRecord,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { checkRollback, checkSnapshot, snapshotsOf } from '../config/index.ts';
import { lunView, snapshotPage, snapshotView } from '../explain/index.ts';
import { reply, uniqueName } from './draft.ts';
import type { OperationAction } from './messages.ts';
import { tooFullToShare } from './room.ts';
import type { Draft, EngineState } from './state.ts';
import { submit } from './submit.ts';
import { goneAgain, operationOfKey, taggedPage, withEtag } from './terms.ts';

/** What is asked of snapshots, and of LUNs that are to have the data of one. */
export const showSnapshots = (draft: Draft, id: number, asked: RequestOf<'snapshots'>): void =>
  reply(draft, id, success(taggedPage(draft, 'snapshots', snapshotPage(draft.state, asked))));

export const showSnapshot = (draft: Draft, id: number, { name }: RequestOf<'snapshot'>): void =>
  reply(draft, id, found(draft, name));

function found(draft: Draft, name: string): Result<ReplyOf<'snapshot'>> {
  const all = snapshotsOf(draft.state.config.current);
  const snapshot = Object.hasOwn(all, name) ? all[name] : undefined;
  return snapshot === undefined
    ? failed(failure('snapshot_not_found', `there is no snapshot ${name}`))
    : success(withEtag(draft, 'snapshots', snapshotView(snapshot)));
}

export function createSnapshot(
  draft: Draft,
  id: number,
  { name }: RequestOf<'snapshot.create'>,
  entropy: string,
): void {
  const { current } = draft.state.config;
  if (!Object.hasOwn(snapshotsOf(current), name)) {
    const checked = checkSnapshot(current, name);
    if (!checked.ok) return reply(draft, id, checked);
    const refusal = roomRefusal(draft, checked.value.pool);
    if (refusal !== undefined) return reply(draft, id, refusal);
  }
  const operation = uniqueName(draft, 'operation');
  const serial = entropy.slice(0, 32);
  submit(draft, id, 'snapshot.create', name, { kind: 'snapshot.create', name, serial, operation });
}

export function deleteSnapshot(draft: Draft, id: number, { name }: RequestOf<'snapshot.delete'>): void {
  if (!Object.hasOwn(snapshotsOf(draft.state.config.current), name))
    return reply(draft, id, success({ operation: undefined }));
  const operation = uniqueName(draft, 'operation');
  submit(draft, id, 'snapshot.delete', name, { kind: 'snapshot.delete', name, operation });
}

/** Called when it is known that no host would lose its disk by it. */
export function rollBack(
  draft: Draft,
  id: number,
  { name, snapshot, discard = false }: RequestOf<'lun.rollback'>,
  entropy: string,
): void {
  const checked = checkRollback(draft.state.config.current, name, snapshot, discard);
  if (!checked.ok) return reply(draft, id, checked);
  const { lun } = checked.value;
  const refusal = lun.rollback === undefined && !discard ? roomRefusal(draft, lun.pool) : undefined;
  if (refusal !== undefined) return reply(draft, id, refusal);
  submit(draft, id, 'lun.rollback', name, {
    kind: 'lun.rollback',
    name,
    snapshot,
    ...(discard && { discard }),
    serial: entropy.slice(0, 32),
    operation: uniqueName(draft, 'operation'),
  });
}

/** Why nothing more is to share the blocks of the thin LUNs there; undefined: it may. */
function roomRefusal(draft: Draft, name: string): Result<never> | undefined {
  const pool = draft.state.config.current.pools[name];
  return pool === undefined
    ? failed(failure('pool_not_found', `there is no pool ${name}`))
    : tooFullToShare(draft.state, pool);
}

const newestOf = (
  { config }: EngineState,
  wanted: OperationRecord['kind'],
  of: string,
): OperationRecord | undefined =>
  Object.values(config.current.operations)
    .filter(({ kind, subject }) => kind === wanted && subject === of)
    .sort((one, other) => other.createdAt - one.createdAt)[0];

/** As things are now that the change is on all disks; undefined: it was about something else. */
export function changedSnapshot(
  draft: Draft,
  kind: RequestKind,
  subject: string,
  record: KeyRecord | undefined,
): Result<unknown> | undefined {
  const { state } = draft;
  const { operations, luns } = state.config.current;
  const keyed = operationOfKey(state, record);
  if (kind === 'lun.rollback') {
    const lun = luns[subject];
    if (lun === undefined) return failed(failure('lun_not_found', `LUN ${subject} was deleted`));
    // It may have come to its end by now, good or bad.
    const operation =
      keyed ?? operations[lun.rollback?.operation ?? ''] ?? newestOf(draft.state, kind, subject);
    return success({ lun: withEtag(draft, 'luns', lunView(state, lun)), operation });
  }
  const snapshot = snapshotsOf(state.config.current)[subject];
  const operation = keyed ?? operations[snapshot?.operation ?? ''];
  if (kind === 'snapshot.delete') return success({ operation });
  if (kind !== 'snapshot.create') return undefined;
  const view = found(draft, subject);
  if (!view.ok && record !== undefined) return goneAgain(state, record);
  if (!view.ok) {
    const last = newestOf(state, kind, subject);
    return last?.failure === undefined ? view : failed(within(`Operation ${last.id}`, last.failure));
  }
  return success({ snapshot: view.value, operation });
}

/**
 * What an outcome means for the configuration; `isLast`: it is not tried again. Undefined: nothing yet, or nothing any
 * more.
 */
export function afterSnapshotDeed(
  config: ClusterConfig,
  { parameters, operation: doing }: OperationAction,
  cause: Failure | undefined,
  isLast: boolean,
): Command | undefined {
  const name = parameters['snapshot'];
  const snapshot = typeof name === 'string' ? snapshotsOf(config)[name] : undefined;
  if (snapshot === undefined || (snapshot.state === 'deleting') !== (doing === 'remove')) return undefined;
  // What is said of another volume is late: of a snapshot of that name before, or of what a LUN has left since.
  const volume = parameters['volume'] as { readonly name?: string } | undefined;
  if (volume?.name !== snapshot.volume) return undefined;
  const { operation } = snapshot;
  if (doing === 'remove')
    return cause === undefined ? { kind: 'snapshot.deleted', name: snapshot.name, operation } : undefined;
  if (cause !== undefined && !isLast) return undefined;
  const lun = lunOfSnapshot(snapshot.name);
  const isForLun = config.luns[lun]?.rollback?.kept === snapshot.name;
  if (isForLun)
    return cause === undefined
      ? { kind: 'lun.rolledBack', name: lun, operation }
      : { kind: 'lun.rollbackFailed', name: lun, operation, failure: cause };
  if (cause === undefined) return { kind: 'snapshot.created', name: snapshot.name, operation };
  // What a LUN has left is not thrown away because it could not be put away.
  return snapshot.keptBy === undefined
    ? { kind: 'snapshot.createFailed', name: snapshot.name, operation, failure: cause }
    : undefined;
}
