import { failed, failure, type PoolIntent, type Result } from '../../model/index.ts';
import { promised, spaceOf } from '../explain/index.ts';
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

function overcommits({ name }: PoolIntent, forThin: number, provisioned: number): Result<never> | undefined {
  const most = forThin * MOST_OVERCOMMITTED;
  if (provisioned <= most) return undefined;
  const what = `the thin LUNs of pool ${name} would come to ${provisioned} bytes, and may come to ${most}`;
  return failed(failure('thin_overcommitted', what));
}
