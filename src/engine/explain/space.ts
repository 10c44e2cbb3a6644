import { bytes, EXTENT, type Bytes, type LunIntent, type PoolIntent } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';

type Number =
  'sizeBytes' | 'freeBytes' | 'thinBytes' | 'thinTakenBytes' | 'thinPercent' | 'thinMetadataPercent';
type PoolFacts = { readonly [Name in Number]?: number } & { readonly thinState?: string };

/** What the node on which the pool's volume group is active says of it (agents/lvm); nothing where it is on none. */
export function factsOf({ status }: EngineState, { name }: Pick<PoolIntent, 'name'>): PoolFacts {
  for (const { instances } of Object.values(status.nodes)) {
    const seen = instances[`lvm-${name}`]?.observation;
    if (seen === undefined || seen === 'unknown') continue;
    if (typeof seen.facts?.['sizeBytes'] === 'number') return seen.facts;
  }
  return {};
}

export interface Space {
  /** Of the volume group. */
  readonly size: Bytes;
  /** Less its meta volume, less all volumes that are promised, less what the thin LUNs share. */
  readonly free: Bytes;
  /** What the thin LUNs could share if they had all that no other LUN was promised. */
  readonly forThin: Bytes;
}

/** Bytes of the volume group that a LUN has, or was promised; of a thin one, that it may come to. */
const promisedTo = ({ size, grow }: LunIntent): number => Math.max(size, grow?.size ?? 0);

/** What the LUNs of a pool come to, the thin ones or the others. */
export const promised = ({ config }: EngineState, { name }: PoolIntent, isThin: boolean): Bytes =>
  bytes(
    Object.values(config.current.luns)
      .filter(({ pool, thin = false }) => pool === name && thin === isThin)
      .reduce<number>((sum, lun) => sum + promisedTo(lun), 0),
  );

/** Undefined where the pool is not active on any node just now. */
export function spaceOf(state: EngineState, pool: PoolIntent): Space | undefined {
  const { sizeBytes: size, thinTakenBytes = 0 } = factsOf(state, pool);
  if (pool.state !== 'ready' || size === undefined) return undefined;
  const forThin = Math.max(0, size - EXTENT - promised(state, pool, false));
  return { size: bytes(size), free: bytes(Math.max(0, forThin - thinTakenBytes)), forThin: bytes(forThin) };
}
