import {
  assertNever,
  failed,
  failure,
  snapshotVolume,
  success,
  within,
  type ClusterConfig,
  type LunIntent,
  type LunName,
  type Milliseconds,
  type OperationId,
  type Result,
  type SnapshotCommand,
  type SnapshotIntent,
  type SnapshotName,
} from '../../model/index.ts';
import { leaveOut } from './leave-out.ts';
import { changeUnderWay, isBeingCloned } from './lun-changes.ts';
import { begin, finish } from './operations.ts';
import { atMost, snapshotMissing, snapshotsOf, snapshotsOfLun, volumeOf, withSnapshot } from './snapshots.ts';

type RollbackCommand = Extract<SnapshotCommand, { kind: `lun.${string}` }>;

/**
 * A LUN gets the data of a snapshot: a new volume is made of the snapshot's, and is the LUN's from one entry of the log
 * on. The LUN's volume of before becomes a snapshot. So the snapshot stays as it is, and nothing is ever half a LUN's.
 */
export function applyRollback(
  config: ClusterConfig,
  command: RollbackCommand,
  at: Milliseconds,
): Result<ClusterConfig> {
  switch (command.kind) {
    case 'lun.rollback':
      return begun(config, command, at);
    case 'lun.rolledBack':
      return success(exchanged(config, command, at));
    case 'lun.rollbackFailed':
      return success(givenUp(config, command, at));
    default:
      return assertNever(command);
  }
}

/** A LUN and a snapshot of it, where the one may be rolled back to the other, or is being rolled back to it. */
export function checkRollback(
  config: ClusterConfig,
  name: LunName,
  to: SnapshotName,
  discard: boolean,
): Result<{ readonly lun: LunIntent; readonly snapshot: SnapshotIntent }> {
  const lun = Object.hasOwn(config.luns, name) ? config.luns[name] : undefined;
  if (lun === undefined) return failed(failure('lun_not_found', `there is no LUN ${name}`));
  const all = snapshotsOf(config);
  const snapshot = Object.hasOwn(all, to) ? all[to] : undefined;
  if (snapshot?.lun !== name) return snapshotMissing(to);
  if (isSame(lun, to, discard)) return success({ lun, snapshot });
  const busy = changeUnderWay(lun) ?? isBeingCloned({ ...config, luns: clonesOf(config, name) }, name);
  if (busy !== undefined) return busy;
  const made = snapshotsOfLun(config, name).find(({ state }) => state === 'creating');
  const unready = snapshot.state === 'ready' ? made : snapshot;
  if (unready !== undefined) {
    const what = unready.state === 'deleting' ? 'deleted' : 'made';
    return failed(
      failure('snapshot_busy', `${unready.name} is being ${what} (operation ${unready.operation})`),
    );
  }
  // What it holds now takes its place among them, until it is thrown away.
  return atMost(config, name) ?? success({ lun, snapshot });
}

/** Those of the LUN as it is now; one that is made of a snapshot of it does not mind. */
const clonesOf = ({ luns }: ClusterConfig, name: LunName): ClusterConfig['luns'] =>
  Object.fromEntries(Object.entries(luns).filter(([, { clonedFrom }]) => clonedFrom === name));

const isSame = ({ rollback }: LunIntent, to: SnapshotName, discard: boolean): boolean =>
  rollback?.snapshot === to && (rollback.discard === true) === discard;

function begun(
  config: ClusterConfig,
  { name, snapshot: to, discard, serial, operation }: Extract<RollbackCommand, { kind: 'lun.rollback' }>,
  at: Milliseconds,
): Result<ClusterConfig> {
  const checked = checkRollback(config, name, to, discard === true);
  if (!checked.ok) return checked;
  const { lun } = checked.value;
  if (lun.rollback !== undefined) return success(config);
  const kept: SnapshotIntent = {
    name: freeName(config, name),
    lun: name,
    pool: lun.pool,
    size: lun.size,
    volume: snapshotVolume(serial),
    createdAt: at,
    state: 'creating',
    operation,
    keptBy: 'rollback',
  };
  const rollback = { snapshot: to, kept: kept.name, ...(discard && { discard }), operation };
  return success({
    ...withSnapshot(config, kept.name, kept),
    luns: { ...config.luns, [name]: { ...lun, rollback } },
    operations: begin(config, { id: operation, kind: 'lun.rollback', subject: name }, at),
  });
}

/** After all that have been there: the newest has the highest number. */
function freeName(config: ClusterConfig, lun: LunName): SnapshotName {
  const before = `${lun}@before-rollback-`;
  const numbers = snapshotsOfLun(config, lun)
    .map(({ name }) => (name.startsWith(before) ? Number(name.slice(before.length)) : 0))
    .filter((number) => Number.isSafeInteger(number));
  return `${before}${Math.max(0, ...numbers) + 1}`;
}

interface Said {
  readonly name: LunName;
  readonly operation: OperationId;
}

/** The LUN and what is being made for it; undefined: the word is of another rollback, and late. */
function under(config: ClusterConfig, { name, operation }: Said) {
  const lun = config.luns[name];
  const { rollback } = lun ?? {};
  const kept = rollback && snapshotsOf(config)[rollback.kept];
  return lun === undefined || rollback?.operation !== operation || kept === undefined
    ? undefined
    : { lun, rollback, kept };
}

function exchanged(config: ClusterConfig, said: Said, at: Milliseconds): ClusterConfig {
  const found = under(config, said);
  if (found === undefined) return config;
  const { lun, rollback, kept } = found;
  const { operation } = said;
  // Whoever made it has come to an end; that the LUN is served again ends this operation (controller/upkeep).
  const settled = finish(config, lun.operation, at, undefined);
  const after: LunIntent = { ...leaveOut(lun, 'rollback'), volume: kept.volume, operation };
  const left: SnapshotIntent = {
    ...kept,
    volume: volumeOf(lun),
    // It is to be put away first: no node activates a snapshot.
    state: rollback.discard === true ? 'deleting' : 'creating',
  };
  const changed = withSnapshot({ ...settled, luns: { ...config.luns, [lun.name]: after } }, kept.name, left);
  const isToStay = config.resources?.[`lun-${lun.name}`]?.targetRole === 'stopped';
  return isToStay ? finish(changed, operation, at, undefined) : changed;
}

function givenUp(
  config: ClusterConfig,
  said: Extract<RollbackCommand, { kind: 'lun.rollbackFailed' }>,
  at: Milliseconds,
): ClusterConfig {
  const found = under(config, said);
  if (found === undefined) return config;
  const { lun, kept } = found;
  const after = { ...config, luns: { ...config.luns, [lun.name]: leaveOut(lun, 'rollback') } };
  const leaving = withSnapshot(after, kept.name, { ...kept, state: 'deleting' });
  return finish(leaving, said.operation, at, within(lun.name, said.failure));
}
