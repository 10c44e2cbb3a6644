import type { ResourceId } from '../../model/index.ts';
import { schedule } from '../scheduler/index.ts';
import { documentOf } from './document.ts';
import { readFacts, type Facts } from './facts.ts';
import { SAME_PARAMETERS } from './history-entry.ts';
import type { PlanInput } from './input.ts';
import { placementsOf } from './placement.ts';

/**
 * What is in use now, and would be nowhere if things were as `then` says: the causes only, not what stands on them.
 * A clone is in use where it is promoted.
 */
export function outOfService(now: PlanInput, then: PlanInput): readonly ResourceId[] {
  const before = readFacts(now);
  const facts = readFacts(then);
  const placements = placementsOf(
    schedule({
      document: documentOf(facts),
      now: 0,
      utcOffset: 0,
      md5: () => SAME_PARAMETERS,
      withScores: false,
    }),
  );
  const lost = facts.definitions
    .filter(
      ({ id, kind }) =>
        isInUse(before, id, kind) && !facts.usable.every((node) => facts.isUnmanaged(id, node)),
    )
    .filter(({ id, kind }) => {
      const { nodes, promoted } = placements(id);
      return kind === 'primitive' ? nodes.length === 0 : promoted === undefined;
    })
    .map(({ id }) => id);
  const isOnLost = (id: ResourceId): boolean =>
    (facts.colocations.get(id) ?? []).some((colocation) => lost.includes(colocation.with));
  return lost.filter((id) => !isOnLost(id));
}

const isInUse = (
  { usable, untouchable, seen }: Facts,
  id: ResourceId,
  kind: 'primitive' | 'promotable-clone',
): boolean =>
  [...usable, ...untouchable].some((node) => {
    const { state } = seen(id, node);
    return state === 'promoted' || (kind === 'primitive' && state === 'running');
  });
