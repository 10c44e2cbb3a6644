import {
  failed,
  failure,
  lunOfSnapshot,
  type ClusterConfig,
  type LunIntent,
  type Result,
} from '../../model/index.ts';

/** Why nothing else can be done with a LUN just now; undefined: it is ready, and nothing is under way. */
export function changeUnderWay({
  name,
  state,
  operation,
  grow,
  rollback,
}: LunIntent): Result<never> | undefined {
  const busy = (what: string, by: string): Result<never> =>
    failed(failure('lun_busy', `LUN ${name} is being ${what} (operation ${by})`));
  if (state !== 'ready') return busy(state === 'creating' ? 'created' : 'deleted', operation);
  if (rollback !== undefined) return busy('rolled back', rollback.operation);
  return grow === undefined ? undefined : busy(`extended to ${grow.size} bytes`, grow.operation);
}

/** Why a LUN or snapshot has to stay, and stay as it is; of a LUN also its snapshots. Undefined: nobody copies it. */
export function isBeingCloned({ luns }: ClusterConfig, name: string): Result<never> | undefined {
  const clone = Object.values(luns).find(
    ({ state, clonedFrom = '' }) =>
      state === 'creating' && (clonedFrom === name || lunOfSnapshot(clonedFrom) === name),
  );
  if (clone === undefined) return undefined;
  const what = `${name} is being cloned to ${clone.name} (operation ${clone.operation})`;
  return failed(failure(name.includes('@') ? 'snapshot_busy' : 'lun_busy', what));
}
