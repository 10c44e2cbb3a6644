import type { ConstraintDefinition, ResourceSet } from '../../../model/index.ts';
import { lower } from '../rules/text.ts';
import { parseBoolean } from '../rules/values.ts';
import type { Resource } from '../unpack/resource.ts';
import { parseScore } from './arithmetic.ts';
import { addColocation, influenceOf, roleOf } from './colocation.ts';
import { complain } from './complain.ts';
import type { ScoreDraft } from './draft.ts';

/**
 * The members of one set: each with the one before it, or the one after it where `ordering` is not `group`. With a
 * negative score everyone avoids everyone before it. Nothing where the set is not sequential.
 */
export function colocateWithin(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
  set: ResourceSet,
  constraintScore: number,
): void {
  const { score: ownScore, ordering, sequential, role } = set.fields;
  const score = ownScore === undefined ? constraintScore : parseScore(ownScore);
  if (score === 0 || parseBoolean(sequential) === false) return;

  const colocate = (dependent: Resource, primary: Resource): void => {
    addColocation(draft, {
      id: set.id ?? constraint.id,
      dependent,
      primary,
      score,
      dependentRole: roleOf(role),
      primaryRole: roleOf(role),
      nodeAttribute: '#uname',
      influence: influenceOf(draft, constraint, dependent),
    });
  };
  const before: Resource[] = [];
  for (const resource of membersOf(draft, constraint, set)) {
    if (score < 0) {
      for (const other of before) {
        if (other === resource) break;
        colocate(resource, other);
      }
    } else {
      const last = before.at(-1);
      if (last === undefined) {
        // The first one has nobody to be with.
      } else if (lower(ordering ?? 'group') === 'group') colocate(resource, last);
      else colocate(last, resource);
    }
    before.push(resource);
  }
}

/**
 * One set with the next: the first member with the last one of the next. Where a set is not sequential, each of its
 * members instead.
 */
export function colocateSets(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
  dependents: ResourceSet,
  primaries: ResourceSet,
  score: number,
): void {
  if (score === 0) return;
  const first = isSequential(dependents) ? dependents.resources.slice(0, 1) : dependents.resources;
  const last = isSequential(primaries) ? primaries.resources.slice(-1) : primaries.resources;
  const primaryMembers = [...membersOf(draft, constraint, { ...primaries, resources: last })];
  for (const dependent of membersOf(draft, constraint, { ...dependents, resources: first })) {
    for (const primary of primaryMembers) {
      addColocation(draft, {
        id: constraint.id,
        dependent,
        primary,
        score,
        dependentRole: roleOf(dependents.fields['role']),
        primaryRole: roleOf(primaries.fields['role']),
        nodeAttribute: '#uname',
        influence: influenceOf(draft, constraint, dependent),
      });
    }
  }
}

function isSequential(set: ResourceSet): boolean {
  const { sequential } = set.fields;
  return sequential === undefined || parseBoolean(sequential) === true;
}

/** The members up to the first one that does not exist. */
function* membersOf(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
  set: ResourceSet,
): Generator<Resource, void, void> {
  for (const id of set.resources) {
    const resource = draft.finder.resource(id);
    if (resource === undefined) {
      complain(draft, constraint.id, 'unknown_reference', `There is no resource '${id}' for its set`);
      return;
    }
    yield resource;
  }
}
