import type { Ring } from './station.ts';

/**
 * Which ring gets the witness's vote, by what the nodes that reach it have told. `told`: by node. `chosen`: the nodes
 * for which it voted last. Undefined: nobody is there, or nothing is decided yet, since those of one ring tell of
 * different ones: one of them has not told of its new ring, or is dead and not given up yet.
 */
export function ffsplit(told: ReadonlyMap<number, Ring>, chosen: readonly number[]): Ring | undefined {
  const rings = [...new Set(told.values())];
  if (rings.some((ring) => ring.members.some((id) => (told.get(id) ?? ring) !== ring))) return undefined;
  const held = ({ members }: Ring): number => Number(members.some((id) => chosen.includes(id)));
  const [best] = rings.sort(
    (a, b) => b.members.length - a.members.length || held(b) - held(a) || lowest(a) - lowest(b),
  );
  return best;
}

const lowest = ({ members }: Ring): number => Math.min(...members);
