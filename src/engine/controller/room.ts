import { failed, failure, type PoolIntent, type Result } from '../../model/index.ts';
import { spaceOf } from '../explain/index.ts';
import type { EngineState } from './state.ts';

/** Why so many bytes more (whole extents) cannot be had of the pool; undefined: they can. */
export function doesNotFit(state: EngineState, pool: PoolIntent, more: number): Result<never> | undefined {
  const space = spaceOf(state, pool);
  if (space === undefined)
    return failed(failure('pool_not_ready', `the pool ${pool.name} is not active on any node just now`));
  if (more <= space.free) return undefined;
  return failed(
    failure(
      'pool_full',
      `${more} bytes more were asked for, and the pool ${pool.name} has ${space.free} bytes free`,
    ),
  );
}
