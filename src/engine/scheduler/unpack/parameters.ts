import type { Draft, DraftResource } from './draft.ts';
import type { Node } from './node.ts';
import { mergePairs, resolvedSets } from './pairs.ts';
import type { PairSet } from '../../../model/index.ts';

/** The sets of a resource and of its parents, its own first. */
function setsOf(draft: Draft, resource: DraftResource): readonly (readonly PairSet[])[] {
  const lists: (readonly PairSet[])[] = [];
  for (let next: DraftResource | undefined = resource; next !== undefined; next = next.parent) {
    const sets = draft.sources.get(next)?.parameters ?? [];
    if (sets.length > 0) lists.push(sets);
  }
  return lists;
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * A resource's instance attributes as a function of the node, worked out when they are asked for and kept. Without a
 * node, rules about nodes do not hold. Where no rule is involved, all nodes share one result.
 */
export function createParameters(
  draft: Draft,
  resource: DraftResource,
): (node: Node | undefined) => ReadonlyMap<string, string> {
  const kept = new Map<Node | undefined, ReadonlyMap<string, string>>();
  let lists: readonly (readonly PairSet[])[] | undefined;
  let hasRules = false;
  return (node) => {
    if (lists === undefined) {
      lists = setsOf(draft, resource);
      hasRules = lists.some((sets) =>
        resolvedSets(draft.pairs, 'parameters', sets).some(({ rule }) => rule !== undefined),
      );
    }
    if (lists.length === 0) return NONE;
    const key = hasRules ? node : undefined;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const values = new Map<string, string>();
    for (const sets of lists) {
      mergePairs(draft.pairs, 'parameters', sets, { attributes: key?.attributes }, values);
    }
    kept.set(key, values);
    return values;
  };
}
