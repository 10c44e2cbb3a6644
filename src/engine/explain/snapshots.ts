import type {
  ClusterConfig,
  LunIntent,
  LunName,
  LunView,
  SnapshotIntent,
  SnapshotView,
} from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { remembered } from '../remembered.ts';

/** Where the volumes are called what is the engine's own business. */
export const snapshotView = ({
  name,
  lun,
  pool,
  size,
  createdAt,
  state,
  keptBy,
}: SnapshotIntent): SnapshotView => ({
  name,
  lun,
  pool,
  size,
  createdAt,
  state,
  ...(keptBy && { keptBy }),
});

const counts = remembered(({ snapshots = {} }: ClusterConfig): ReadonlyMap<LunName, number> => {
  const found = new Map<LunName, number>();
  for (const { lun } of Object.values(snapshots)) found.set(lun, (found.get(lun) ?? 0) + 1);
  return found;
});

/** What of a LUN is about snapshots. */
export function snapshotsIn(
  { config }: EngineState,
  { name, clonedFrom, rollback }: LunIntent,
): Pick<LunView, 'snapshots' | 'clonedFrom' | 'rollingBackTo'> {
  const snapshots = counts(config.current).get(name);
  return {
    ...(snapshots !== undefined && { snapshots }),
    ...(clonedFrom !== undefined && { clonedFrom }),
    ...(rollback && { rollingBackTo: rollback.snapshot }),
  };
}
