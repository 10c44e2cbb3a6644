import type {
  ClusterConfig,
  Deed,
  LunIntent,
  Parameters,
  PoolIntent,
  Primitive,
  SnapshotIntent,
  VolumeName,
} from '../../model/index.ts';
import { byName, lunOf, lvmOf, primitive, snapshotOf, volumeGroupOf, type Part } from './part.ts';

/**
 * Snapshots are no resources: nothing of them is started anywhere, and a failover does not know of them. Each is made and
 * removed by a deed where the volume group is active.
 */
export const compileSnapshots = (config: ClusterConfig, pool: PoolIntent): Part => ({
  resources: [],
  locations: [],
  colocations: [],
  orders: [],
  deeds: byName(config.snapshots ?? {})
    .filter((snapshot) => snapshot.pool === pool.name && snapshot.state !== 'ready')
    .map((snapshot) => deed(config, snapshot)),
});

/** The tag by which LVM tells a volume from any other one of its name: its own name, or the LUN's serial. */
const tagOf = ({ luns }: ClusterConfig, volume: VolumeName): string =>
  volume.startsWith('keelson_snap_') ? volume : `keelson_lun_${luns[volume]?.serial ?? ''}`;

/** A volume as agents are told of it. */
const named = (config: ClusterConfig, volume: VolumeName): Readonly<Record<string, string>> => ({
  name: volume,
  tag: tagOf(config, volume),
});

function deed(config: ClusterConfig, snapshot: SnapshotIntent): Deed {
  const { name, lun: of, pool, state, operation } = snapshot;
  const lun = config.luns[of];
  const rollback = lun?.rollback?.kept === name ? lun.rollback : undefined;
  const doing = state === 'deleting' ? 'remove' : 'create';
  return {
    // Each time that it is made or removed is one of its own, and so is what a rollback leaves.
    id: `${doing} ${snapshotOf(name)} ${operation}${rollback === undefined ? '' : ' for its LUN'}`,
    resource: primitive(config, snapshotOf(name), 'lvm-snapshot', {
      snapshot: name,
      volumeGroup: volumeGroupOf(pool),
      volume: named(config, snapshot.volume),
      size: snapshot.size,
      ...origin(config, snapshot, lun),
    }),
    operation: doing,
    where: {
      resource: lvmOf(pool),
      role: 'started',
      node: undefined,
      ...(rollback && { stopped: lunOf(of) }),
    },
  };
}

/** What the volume is made of; nothing where it is there, and is only to be put away. */
function origin(config: ClusterConfig, snapshot: SnapshotIntent, lun: LunIntent | undefined): Parameters {
  if (snapshot.state !== 'creating' || lun === undefined) return {};
  if (lun.rollback?.kept === snapshot.name) {
    const to = config.snapshots?.[lun.rollback.snapshot];
    // The LUN never becomes smaller.
    return to === undefined ? {} : { origin: named(config, to.volume), use: 'lun', size: lun.size };
  }
  if (snapshot.keptBy !== undefined) return {};
  return { origin: named(config, lun.volume ?? lun.name), use: 'snapshot' };
}

/** A clone being made, with the volume that it is made of. */
export const withSource = (
  config: ClusterConfig,
  made: Primitive,
  { state, source }: LunIntent,
): Primitive =>
  state !== 'creating' || source === undefined
    ? made
    : { ...made, parameters: { ...made.parameters, origin: named(config, source) } };

/** A LUN goes after its snapshots, and grows when nothing is being made of it: each copy is as large as was said. */
export const waitsForSnapshots = (config: ClusterConfig, { name, state }: LunIntent): boolean => {
  if (state === 'creating') return false;
  const own = Object.values(config.snapshots ?? {}).filter((snapshot) => snapshot.lun === name);
  if (state === 'deleting') return own.length > 0;
  return (
    own.some((snapshot) => snapshot.state === 'creating') ||
    Object.values(config.luns).some((lun) => lun.state === 'creating' && lun.clonedFrom === name)
  );
};
