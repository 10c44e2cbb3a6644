import type { NodeName } from '../../model/index.ts';
import type { Definition, Facts } from './facts.ts';
import { isWithPeers, type Placements } from './placement.ts';
import type { Stacking } from './stacking.ts';
import { isChanging, place, type Step } from './step.ts';

/** Instances that are not taken down, by `place`. */
export type Places = ReadonlySet<string>;

/**
 * What runs, and would be stopped for no other reason than that something it stands on is unknown there: that may well
 * be as it should be. Without quorum everything goes down, whatever it stands on.
 */
export function leftAlone(
  facts: Facts,
  stacking: Stacking,
  placements: Placements,
  steps: readonly Step[],
): Places {
  const { definitions, usable, quorate, seen } = facts;
  const changing = new Set(steps.filter(isChanging).map(({ resource, node }) => place(resource, node)));
  const left = new Set<string>();
  if (!quorate) return left;
  for (const definition of definitions)
    for (const node of usable) {
      if (!runsWell(facts, definition, node)) continue;
      const below = stacking.foundations(definition.id);
      const excused = below.filter((id) => seen(id, node).state === 'unknown' || left.has(place(id, node)));
      const hasOtherReason = below.some(
        (id) =>
          !excused.includes(id) &&
          (changing.has(place(id, node)) || !isWithPeers(facts, placements, definition.id, node, [id])),
      );
      if (excused.length > 0 && !hasOtherReason) left.add(place(definition.id, node));
    }
  return left;
}

/** Here only, and nobody wants it stopped. */
function runsWell({ usable, seen }: Facts, { id, primitive }: Definition, node: NodeName): boolean {
  const isUp = (where: NodeName): boolean => ['running', 'promoted'].includes(seen(id, where).state);
  return (
    primitive.targetRole === 'started' && isUp(node) && !usable.some((other) => other !== node && isUp(other))
  );
}

/** What must not be taken down before what stands on it there, which is about to be looked at, is known. */
export function lookedAtFirst(
  { usable, definitions, orders, seen }: Facts,
  { foundations }: Stacking,
): Places {
  const waiting = new Set<string>();
  for (const node of usable) {
    const open = definitions
      .map(({ id }) => id)
      .filter((id) => seen(id, node).state === 'unknown' && seen(id, node).failures?.operation !== 'monitor');
    for (let id = open.pop(); id !== undefined; id = open.pop())
      for (const below of [...foundations(id), ...(orders.get(id) ?? []).map(({ first }) => first)]) {
        if (waiting.has(place(below, node))) continue;
        waiting.add(place(below, node));
        open.push(below);
      }
  }
  return waiting;
}
