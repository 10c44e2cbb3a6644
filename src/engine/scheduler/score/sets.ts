import type { ConstraintDefinition, ResourceSet } from '../../../model/index.ts';
import { complain } from './complain.ts';
import type { ScoreDraft } from './draft.ts';

/** A constraint's resource sets with references to sets elsewhere followed; `undefined` from the first broken one on. */
export function resolveSets(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
): readonly (ResourceSet | undefined)[] {
  return constraint.sets.map((set) => {
    if (set.idRef === undefined) return set;
    const wanted = set.idRef;
    for (const other of draft.unpacked.configuration.constraints) {
      const found = other.sets.find(({ id }) => id === wanted);
      if (found !== undefined) return found;
    }
    complain(draft, constraint.id, 'unknown_reference', `There is no resource set '${wanted}'`);
    return undefined;
  });
}

/**
 * Puts what tags and templates stand for in their places in the sets. Where one reference cannot be understood, nothing
 * is replaced, in any of the sets.
 */
export function expandTags(
  draft: ScoreDraft,
  id: string,
  sets: readonly (ResourceSet | undefined)[],
): readonly (ResourceSet | undefined)[] {
  const expanded: (ResourceSet | undefined)[] = [];
  for (const set of sets) {
    if (set === undefined) {
      expanded.push(undefined);
      continue;
    }
    const resources: string[] = [];
    for (const reference of set.resources) {
      if (draft.finder.resource(reference) !== undefined) {
        resources.push(reference);
        continue;
      }
      const tagged = draft.finder.tagged(reference);
      if (tagged === undefined) {
        complain(draft, id, 'unknown_reference', `'${reference}' is neither a resource nor a tag`);
        return sets;
      }
      resources.push(...tagged);
    }
    expanded.push({ ...set, resources });
  }
  return expanded;
}
