import { failed, failure, type PoolIntent, type Result } from '../../model/index.ts';
import { promised, spaceOf, thinView } from '../explain/index.ts';
import type { EngineState } from './state.ts';

/** What thin LUNs may come to together, by what the pool could give them. */
const MOST_OVERCOMMITTED = 10;

/** Why so many bytes more (whole extents) cannot be had of the pool, or be promised; undefined: they can. */
export function doesNotFit(
  state: EngineState,
  pool: PoolIntent,
  more: number,
  thin = false,
): Result<never> | undefined {
  const space = spaceOf(state, pool);
  if (space === undefined)
    return failed(failure('pool_not_ready', `the pool ${pool.name} is not active on any node just now`));
  if (thin) return overcommits(pool, space.forThin, promised(state, pool, true) + more);
  if (more <= space.free) return undefined;
  return failed(
    failure(
      'pool_full',
      `${more} bytes more were asked for, and the pool ${pool.name} has ${space.free} bytes free`,
    ),
  );
}

/** Percent of what the pool can give its thin LUNs, or of their metadata, beyond which nothing more is to share it. */
const MOST_USED = 90;

/** Why no snapshot or clone can be made just now, small as it is at first; undefined: it can. */
export function tooFullToShare(state: EngineState, pool: PoolIntent): Result<never> | undefined {
  if (spaceOf(state, pool) === undefined)
    return failed(failure('pool_not_ready', `the pool ${pool.name} is not active on any node just now`));
  const thin = thinView(state, pool);
  // Not looked at yet since its first thin LUN was made.
  if (thin === undefined) return undefined;
  const { usedPercent, metadataPercent, state: how } = thin;
  if (how === 'ok' && usedPercent < MOST_USED && metadataPercent < MOST_USED) return undefined;
  const what =
    how === 'broken'
      ? 'takes no writes until it was repaired'
      : `is used to ${usedPercent} %, its metadata to ${metadataPercent} %`;
  return failed(failure('thin_pool_nearly_full', `what the thin LUNs of pool ${pool.name} share ${what}`));
}

function overcommits({ name }: PoolIntent, forThin: number, provisioned: number): Result<never> | undefined {
  const most = forThin * MOST_OVERCOMMITTED;
  if (provisioned <= most) return undefined;
  const what = `the thin LUNs of pool ${name} would come to ${provisioned} bytes, and may come to ${most}`;
  return failed(failure('thin_overcommitted', what));
}
