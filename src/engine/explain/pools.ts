import type { NodeName, PoolIntent, PoolView } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { runningOn } from './running.ts';
import { spaceOf } from './space.ts';
import { thinView } from './thin.ts';
import { splitView } from './split.ts';

export function poolView(state: EngineState, pool: PoolIntent): PoolView {
  const disks = Object.keys(pool.disks).map((name): [NodeName, string] => {
    const node = state.status.nodes[name];
    const seen = node?.instances[`drbd-${pool.name}`]?.observation;
    const disk = seen === undefined || seen === 'unknown' ? undefined : seen.facts?.['disk'];
    return [name, node?.state === 'online' ? String(disk ?? 'unknown') : 'unknown'];
  });
  const space = spaceOf(state, pool);
  const thin = thinView(state, pool);
  const split = splitView(state, pool);
  return {
    name: pool.name,
    state: pool.state,
    ...(pool.preferredNode === undefined ? {} : { preferredNode: pool.preferredNode }),
    primary: runningOn(state, `drbd-${pool.name}`, 'promoted'),
    disks: Object.fromEntries(disks),
    ...(split && { split }),
    ...(space && { size: space.size, free: space.free }),
    ...(thin && { thin }),
  };
}
