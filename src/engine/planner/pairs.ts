import type { PairSet } from '../../model/index.ts';

/** Names with values as Pacemaker writes them down; the ids are made from that of the set. */
export const pairs = (id: string, values: Readonly<Record<string, string>>): PairSet => ({
  id,
  pairs: Object.entries(values).map(([name, value]) => ({ id: `${id}-${name}`, name, value })),
});
