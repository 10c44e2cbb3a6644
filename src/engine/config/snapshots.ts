import {
  assertNever,
  failed,
  failure,
  lunOfSnapshot,
  snapshotVolume,
  success,
  within,
  type ClusterConfig,
  type Command,
  type LunIntent,
  type LunName,
  type Milliseconds,
  type OperationId,
  type Result,
  type SnapshotCommand,
  type SnapshotIntent,
  type SnapshotName,
  type VolumeName,
} from '../../model/index.ts';
import { compareNames } from '../blueprint/part.ts';
import { leaveOut } from './leave-out.ts';
import { changeUnderWay, isBeingCloned } from './lun-changes.ts';
import { begin, finish } from './operations.ts';

/** Snapshots of one LUN: some for each hour, day, week and month; each costs a record in LVM's metadata. */
export const MOST_SNAPSHOTS = 64;

type OfSnapshot = Extract<SnapshotCommand, { kind: `snapshot.${string}` }>;

export const snapshotsOf = ({ snapshots = {} }: ClusterConfig): NonNullable<ClusterConfig['snapshots']> =>
  snapshots;

/** By name. */
export const snapshotsOfLun = (config: ClusterConfig, lun: LunName): readonly SnapshotIntent[] =>
  Object.values(snapshotsOf(config))
    .filter((snapshot) => snapshot.lun === lun)
    .sort((one, other) => compareNames(one.name, other.name));

/** The volume in which the data of a LUN is. */
export const volumeOf = ({ volume, name }: Pick<LunIntent, 'volume' | 'name'>): VolumeName => volume ?? name;

export const notThin = (name: LunName): Result<never> =>
  failed(failure('lun_not_thin', `LUN ${name} is not thin`));

export const snapshotMissing = (name: SnapshotName): Result<never> =>
  failed(failure('snapshot_not_found', `there is no snapshot ${name}`));

/** What changes nothing gives the very same configuration back. */
export function applySnapshot(
  config: ClusterConfig,
  command: OfSnapshot,
  at: Milliseconds,
): Result<ClusterConfig> {
  switch (command.kind) {
    case 'snapshot.create':
      return createSnapshot(config, command, at);
    case 'snapshot.created':
      return success(created(config, command, at));
    case 'snapshot.createFailed':
      return success(failCreation(config, command, at));
    case 'snapshot.delete':
      return deleteSnapshot(config, command, at);
    case 'snapshot.deleted':
      return success(deleted(config, command, at));
    default:
      return assertNever(command);
  }
}

const found = (config: ClusterConfig, name: SnapshotName): SnapshotIntent | undefined =>
  Object.hasOwn(snapshotsOf(config), name) ? snapshotsOf(config)[name] : undefined;

/** With the snapshot as it is now, or without it: where there is none, nothing stands in the configuration. */
export function withSnapshot(
  config: ClusterConfig,
  name: SnapshotName,
  snapshot: SnapshotIntent | undefined,
): ClusterConfig {
  const others = leaveOut(snapshotsOf(config), name);
  const all = snapshot === undefined ? others : { ...others, [name]: snapshot };
  return Object.keys(all).length === 0 ? leaveOut(config, 'snapshots') : { ...config, snapshots: all };
}

/** The LUN, where a snapshot of this name may be made of it now. */
export function checkSnapshot(config: ClusterConfig, name: SnapshotName): Result<LunIntent> {
  const of = lunOfSnapshot(name);
  const lun = Object.hasOwn(config.luns, of) ? config.luns[of] : undefined;
  if (lun === undefined) return failed(failure('lun_not_found', `there is no LUN ${of}`));
  if (lun.thin !== true) return notThin(of);
  return changeUnderWay(lun) ?? atMost(config, of) ?? success(lun);
}

/** Why a LUN can have no more of them; undefined: it can. */
export function atMost(config: ClusterConfig, lun: LunName): Result<never> | undefined {
  const count = snapshotsOfLun(config, lun).length;
  return count < MOST_SNAPSHOTS
    ? undefined
    : failed(failure('snapshot_limit', `LUN ${lun} has ${count} snapshots, and may have ${MOST_SNAPSHOTS}`));
}

const busy = ({ name, state, operation }: SnapshotIntent): Result<never> => {
  const what = state === 'deleting' ? 'deleted' : 'made';
  return failed(failure('snapshot_busy', `${name} is being ${what} (operation ${operation})`));
};

function createSnapshot(
  config: ClusterConfig,
  { name, serial, operation }: Extract<OfSnapshot, { kind: 'snapshot.create' }>,
  at: Milliseconds,
): Result<ClusterConfig> {
  const existing = found(config, name);
  if (existing !== undefined) return existing.state === 'deleting' ? busy(existing) : success(config);
  const checked = checkSnapshot(config, name);
  if (!checked.ok) return checked;
  const { name: lun, pool, size } = checked.value;
  const snapshot: SnapshotIntent = {
    name,
    lun,
    pool,
    size,
    volume: snapshotVolume(serial),
    createdAt: at,
    state: 'creating',
    operation,
  };
  const operations = begin(config, { id: operation, kind: 'snapshot.create', subject: name }, at);
  return success({ ...withSnapshot(config, name, snapshot), operations });
}

interface Said {
  readonly name: SnapshotName;
  readonly operation: OperationId;
}

/** The snapshot where it is in this state by this operation; of another one the word is late. */
function known(config: ClusterConfig, { name, operation }: Said, state: SnapshotIntent['state']) {
  const snapshot = found(config, name);
  return snapshot?.state === state && snapshot.operation === operation ? snapshot : undefined;
}

/** What is about more than the snapshot (a rollback, a deletion with its LUN) has an end of its own. */
const finishOwn = (config: ClusterConfig, id: OperationId, at: Milliseconds): ClusterConfig =>
  config.operations[id]?.kind.startsWith('snapshot.') === true ? finish(config, id, at, undefined) : config;

function created(config: ClusterConfig, said: Said, at: Milliseconds): ClusterConfig {
  const snapshot = known(config, said, 'creating');
  if (snapshot === undefined) return config;
  return finishOwn(withSnapshot(config, said.name, { ...snapshot, state: 'ready' }), said.operation, at);
}

/** What may have been made of it is removed like that of any snapshot. */
function failCreation(
  config: ClusterConfig,
  said: Extract<OfSnapshot, { kind: 'snapshot.createFailed' }>,
  at: Milliseconds,
): ClusterConfig {
  const snapshot = known(config, said, 'creating');
  if (snapshot === undefined) return config;
  const leaving = withSnapshot(config, said.name, { ...snapshot, state: 'deleting' });
  return finish(leaving, said.operation, at, within(said.name, said.failure));
}

function deleteSnapshot(
  config: ClusterConfig,
  { name, operation }: Said,
  at: Milliseconds,
): Result<ClusterConfig> {
  const snapshot = found(config, name);
  if (snapshot === undefined || snapshot.state === 'deleting') return success(config);
  const rollback = config.luns[snapshot.lun]?.rollback;
  if (rollback?.snapshot === name) {
    const what = `LUN ${snapshot.lun} is being rolled back to ${name} (operation ${rollback.operation})`;
    return failed(failure('snapshot_busy', what));
  }
  if (snapshot.state === 'creating') return busy(snapshot);
  const cloned = isBeingCloned(config, name);
  if (cloned !== undefined) return cloned;
  const leaving = withSnapshot(config, name, { ...snapshot, state: 'deleting', operation });
  const operations = begin(config, { id: operation, kind: 'snapshot.delete', subject: name }, at);
  return success({ ...leaving, operations });
}

function deleted(config: ClusterConfig, said: Said, at: Milliseconds): ClusterConfig {
  if (known(config, said, 'deleting') === undefined) return config;
  return finishOwn(withSnapshot(config, said.name, undefined), said.operation, at);
}

/** So many of them are named in a refusal. */
const NAMED = 5;

/** The configuration in which the snapshots of a LUN go with it, where that is wanted; it goes after them. */
export function leavingWith(
  config: ClusterConfig,
  { name }: LunIntent,
  { snapshots, operation }: Extract<Command, { kind: 'lun.delete' }>,
): Result<ClusterConfig> {
  const all = snapshotsOfLun(config, name).filter(({ state }) => state !== 'deleting');
  const made = all.find(({ state }) => state === 'creating');
  if (made !== undefined)
    return failed(
      failure('lun_busy', `the snapshot ${made.name} is being made (operation ${made.operation})`),
    );
  if (all.length > 0 && snapshots !== true) {
    const names = all.slice(0, NAMED).map((one) => one.name);
    const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
    return failed(failure('lun_has_snapshots', `LUN ${name} has ${names.join(', ')}${more}`));
  }
  const leaving = all.reduce(
    (before, one) => withSnapshot(before, one.name, { ...one, state: 'deleting', operation }),
    config,
  );
  return success(leaving);
}
