import {
  failed,
  failure,
  success,
  type Bytes,
  type ClusterConfig,
  type PoolName,
  type Result,
  type VolumeName,
} from '../../model/index.ts';
import { changeUnderWay } from './lun-changes.ts';
import { notThin, snapshotMissing, snapshotsOf, volumeOf } from './snapshots.ts';

/** What a clone is made of. */
interface Source {
  readonly name: string;
  readonly pool: PoolName;
  readonly volume: VolumeName;
  readonly size: Bytes;
}

/** Undefined where nothing is named: it is to be no clone. */
export function cloneSource(config: ClusterConfig, name: string): Result<Source>;
export function cloneSource(config: ClusterConfig, name: string | undefined): Result<Source> | undefined;
export function cloneSource(config: ClusterConfig, name: string | undefined): Result<Source> | undefined {
  if (name === undefined) return undefined;
  return name.includes('@') ? ofSnapshot(config, name) : ofLun(config, name);
}

function ofSnapshot(config: ClusterConfig, name: string): Result<Source> {
  const all = snapshotsOf(config);
  const snapshot = Object.hasOwn(all, name) ? all[name] : undefined;
  if (snapshot === undefined) return snapshotMissing(name);
  const { pool, volume, size, state, operation } = snapshot;
  if (state === 'ready') return success({ name, pool, volume, size });
  const what = state === 'creating' ? 'made' : 'deleted';
  return failed(failure('snapshot_busy', `${name} is being ${what} (operation ${operation})`));
}

function ofLun({ luns }: ClusterConfig, name: string): Result<Source> {
  const lun = Object.hasOwn(luns, name) ? luns[name] : undefined;
  if (lun === undefined) return failed(failure('lun_not_found', `there is no LUN ${name}`));
  if (lun.thin !== true) return notThin(name);
  return changeUnderWay(lun) ?? success({ name, pool: lun.pool, volume: volumeOf(lun), size: lun.size });
}
