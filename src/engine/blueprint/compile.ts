import type { Blueprint, ClusterConfig } from '../../model/index.ts';
import { compilePool } from './pool.ts';
import { compileSnapshots } from './snapshots.ts';
import { compileTarget } from './target.ts';
import { byName, type Part } from './part.ts';

/** Intent to resources and constraints. The same configuration gives the same blueprint, in the same order. */
export function compile(config: ClusterConfig): Blueprint {
  const parts: readonly Part[] = byName(config.pools).flatMap((pool) => [
    compilePool(config, pool),
    // Nothing is exported from a pool that has no volume group yet.
    ...(pool.state === 'ready'
      ? byName(config.targets)
          .filter((target) => target.pool === pool.name)
          .map((target) => compileTarget(config, pool, target))
          .concat(compileSnapshots(config, pool))
      : []),
  ]);
  return {
    resources: parts.flatMap((part) => part.resources),
    locations: parts.flatMap((part) => part.locations),
    colocations: parts.flatMap((part) => part.colocations),
    orders: parts.flatMap((part) => part.orders),
    deeds: parts.flatMap((part) => part.deeds),
  };
}
