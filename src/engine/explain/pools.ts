import {
  bytes,
  EXTENT,
  type Bytes,
  type LunIntent,
  type NodeName,
  type PoolIntent,
  type PoolView,
} from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { runningOn } from './running.ts';

export function poolView(state: EngineState, pool: PoolIntent): PoolView {
  const disks = Object.keys(pool.disks).map((name): [NodeName, string] => {
    const node = state.status.nodes[name];
    const seen = node?.instances[`drbd-${pool.name}`]?.observation;
    const disk = seen === undefined || seen === 'unknown' ? undefined : seen.facts?.['disk'];
    return [name, node?.state === 'online' ? String(disk ?? 'unknown') : 'unknown'];
  });
  const space = spaceOf(state, pool);
  return {
    name: pool.name,
    state: pool.state,
    ...(pool.preferredNode === undefined ? {} : { preferredNode: pool.preferredNode }),
    primary: runningOn(state, `drbd-${pool.name}`, 'promoted'),
    disks: Object.fromEntries(disks),
    ...(space && { size: space.size, free: space.free }),
  };
}

export interface Space {
  /** Of the volume group. */
  readonly size: Bytes;
  /** Less its meta volume, less all volumes that are promised. */
  readonly free: Bytes;
}

/** Bytes of the volume group that a LUN has, or was promised. */
const promisedTo = ({ size, grow }: LunIntent): number => Math.max(size, grow?.size ?? 0);

/** Undefined where the pool is not active on any node just now. */
export function spaceOf({ status, config }: EngineState, pool: PoolIntent): Space | undefined {
  const sizes = Object.values(status.nodes).map(({ instances }) => {
    const seen = instances[`lvm-${pool.name}`]?.observation;
    return seen === undefined || seen === 'unknown' ? undefined : seen.facts?.['sizeBytes'];
  });
  const size = sizes.find((value) => typeof value === 'number');
  if (pool.state !== 'ready' || size === undefined) return undefined;
  const promised = Object.values(config.current.luns)
    .filter((lun) => lun.pool === pool.name)
    .reduce<number>((sum, lun) => sum + promisedTo(lun), EXTENT);
  return { size: bytes(size), free: bytes(Math.max(0, size - promised)) };
}
