import {
  bytes,
  problem,
  type PoolIntent,
  type PoolView,
  type Problem,
  type ThinView,
} from '../../model/index.ts';
import { lunOf, volumeGroupOf } from '../blueprint/part.ts';
import type { EngineState } from '../controller/state.ts';
import { factsOf, promised } from './space.ts';

/** Percent of what a pool can give its thin LUNs, from which on a person is told. */
const FILLING = 80;

const stateOf = (state: unknown): ThinView['state'] =>
  state === 'full' || state === 'broken' ? state : 'ok';

/** undefined: it never had a thin LUN, or what they share is not active just now. */
export function thinView(state: EngineState, pool: PoolIntent): ThinView | undefined {
  const facts = factsOf(state, pool);
  const { freeBytes = 0, thinBytes, thinPercent = 0, thinMetadataPercent = 0 } = facts;
  if (thinBytes === undefined) return undefined;
  const reachable = thinBytes + freeBytes;
  const used = (thinBytes * thinPercent) / 100;
  return {
    state: stateOf(facts.thinState),
    size: bytes(thinBytes),
    reachable: bytes(reachable),
    usedPercent: Math.ceil((used / reachable) * 100),
    metadataPercent: thinMetadataPercent,
    provisioned: promised(state, pool, true),
  };
}

/** Its volume group is active, and without what the thin LUNs share they could not be started. */
function couldNotBeActivated(state: EngineState, { name }: PoolView): boolean {
  const facts = factsOf(state, { name });
  if (facts.sizeBytes === undefined || facts.thinBytes !== undefined) return false;
  const nodes = Object.values(state.status.nodes);
  return Object.values(state.config.current.luns).some(
    (lun) =>
      lun.thin === true &&
      lun.pool === name &&
      lun.state === 'ready' &&
      nodes.some(({ instances }) => instances[lunOf(lun.name)]?.failures?.operation === 'start'),
  );
}

const ROOM =
  'Delete what is not needed, snapshots too, or have the hosts give back what they do not use (fstrim, discard). See `keelson lun list` and `keelson snapshot list`.';

const repairOf = (group: string): string =>
  `Stop its thin LUNs (keelson resource set lun-NAME --target-role stopped). On the node that serves: lvchange --activate n for their volumes and for ${group}/keelson_thin; lvconvert --repair ${group}/keelson_thin; vgchange --activate y ${group}. Then have them started again.`;

/** Told before it is full, while there is still something to be done. */
export function thinProblems(state: EngineState, pool: PoolView): readonly Problem[] {
  if (!state.view.complete) return [];
  const { name, thin } = pool;
  if (thin?.state === 'broken' || couldNotBeActivated(state, pool))
    return [
      problem(
        'thin_pool_broken',
        `The thin LUNs of pool ${name} take no writes: their metadata has to be repaired`,
        repairOf(volumeGroupOf(name)),
      ),
    ];
  if (thin === undefined) return [];
  const { usedPercent, metadataPercent, reachable } = thin;
  if (thin.state === 'full' && usedPercent >= 99)
    return [
      problem(
        'thin_pool_full',
        `Pool ${name} can give its thin LUNs nothing more: writes to them fail`,
        ROOM,
      ),
    ];
  const filling = (what: string): Problem => problem('thin_pool_filling', what, ROOM);
  const ofAll = `${usedPercent} % of all that pool ${name} can give its thin LUNs is used (${reachable} bytes). Writes to them fail when all is`;
  const ofMetadata = `${metadataPercent} % of the metadata of the thin LUNs of pool ${name} is used, and it could not be extended`;
  return [
    ...(usedPercent >= FILLING ? [filling(ofAll)] : []),
    ...(metadataPercent >= FILLING ? [filling(ofMetadata)] : []),
  ];
}
