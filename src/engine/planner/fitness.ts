import { INFINITY, type NodeName, type ResourceId } from '../../model/index.ts';
import type { Definition, Facts } from './facts.ts';

/** Below this, data are fit only where no other node is there to have newer ones (DRBD: Consistent, not UpToDate). */
const CERTAIN = 1000;

/** Staying where one is beats any preference: nothing fails back by itself. */
export const STICKINESS = 1000;

/** Data that are certain count more than the stickiness of everything that may run beside data that are not. */
const CERTAINTY = 500_000;

/** Promoted without data fit for it, it goes on as long as nobody is fitter. */
const UNFIT_BUT_PROMOTED = 1;

/** Whether the data on the node are good enough to be served while others are there that may have newer ones. */
export const isCertain = (promotionScore: number | undefined): boolean => (promotionScore ?? 0) >= CERTAIN;

/** Nodes that may have newer data than this one; not those that may not have an instance at all. */
export const othersThan = (
  { usable, untouchable, locations }: Pick<Facts, 'usable' | 'untouchable' | 'locations'>,
  id: ResourceId,
  node: NodeName,
): readonly NodeName[] => {
  const without = (locations.get(id) ?? [])
    .filter(({ role, score }) => role === 'started' && score <= -INFINITY)
    .map((location) => location.node);
  return [...usable, ...untouchable].filter((other) => other !== node && !without.includes(other));
};

/**
 * What the scheduler is told of an instance's fitness to be promoted. -INFINITY where it must not be: without a score
 * a preference for the node would be enough.
 */
export function promotionScore(facts: Facts, { id, mayPromote }: Definition, node: NodeName): number {
  const { state, promotionScore: score } = facts.seen(id, node);
  if (!mayPromote) return -INFINITY;
  if (state === 'promoted') {
    if (score === undefined) return UNFIT_BUT_PROMOTED;
    return (isCertain(score) ? CERTAINTY : 0) + score + STICKINESS;
  }
  if (state !== 'running' || score === undefined) return -INFINITY;
  if (isCertain(score)) return CERTAINTY + score;
  return othersThan(facts, id, node).length > 0 ? -INFINITY : score;
}
