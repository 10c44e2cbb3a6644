import type { ConstraintDefinition, ResourceSet } from '../../../model/index.ts';
import { lower } from '../rules/text.ts';
import { parseBoolean, parseRole } from '../rules/values.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import { parseScore } from './arithmetic.ts';
import { complain } from './complain.ts';
import { colocateSets, colocateWithin } from './colocation-set.ts';
import type { ScoreDraft } from './draft.ts';
import type { Colocation } from './scored.ts';
import { expandTags, resolveSets } from './sets.ts';

/** Reads one colocation constraint: of two resources, of sets, of a tag or template with a resource. */
export function unpackColocation(draft: ScoreDraft, constraint: ConstraintDefinition): void {
  const sets = setsOf(draft, constraint);
  if (sets === undefined) return;
  const score = parseScore(constraint.fields['score']);
  let last: ResourceSet | undefined;
  for (const set of sets) {
    if (set === undefined) return;
    colocateWithin(draft, constraint, set, score);
    if (last !== undefined) colocateSets(draft, constraint, last, set, score);
    last = set;
  }
  if (sets.length === 0) unpackPair(draft, constraint, score);
}

/** No sets: a plain pair. `undefined`: the constraint is to be left out. */
function setsOf(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
): readonly (ResourceSet | undefined)[] | undefined {
  if (constraint.sets.length > 0) return expandTags(draft, constraint.id, resolveSets(draft, constraint));
  const { rsc, 'with-rsc': withRsc, 'rsc-role': role, 'with-rsc-role': withRole } = constraint.fields;
  if (rsc === undefined || withRsc === undefined) return [];

  const dependent = asSet(draft, constraint.id, rsc, role);
  const primary = asSet(draft, constraint.id, withRsc, withRole);
  if (dependent === undefined || primary === undefined) return undefined;
  if (!dependent.isTag && !primary.isTag) return [];
  if (dependent.isTag && primary.isTag) {
    complain(draft, constraint.id, 'invalid_constraint', 'Two tags or templates cannot be colocated');
    return undefined;
  }
  return [dependent.set, primary.set];
}

function asSet(
  draft: ScoreDraft,
  constraintId: string,
  id: string,
  role: string | undefined,
): { readonly set: ResourceSet; readonly isTag: boolean } | undefined {
  const fields: Record<string, string> = role === undefined ? {} : { role };
  if (draft.finder.resource(id) !== undefined) return { set: { id, fields, resources: [id] }, isTag: false };
  const resources = draft.finder.tagged(id);
  if (resources !== undefined) {
    return { set: { id, fields: { ...fields, sequential: 'false' }, resources }, isTag: true };
  }
  complain(draft, constraintId, 'unknown_reference', `'${id}' is neither a resource nor a tag`);
  return undefined;
}

function unpackPair(draft: ScoreDraft, constraint: ConstraintDefinition, score: number): void {
  const { fields } = constraint;
  const dependent = partner(draft, constraint, fields['rsc'], fields['rsc-instance']);
  const primary = partner(draft, constraint, fields['with-rsc'], fields['with-rsc-instance']);
  if (dependent === undefined || primary === undefined) return;
  addColocation(draft, {
    id: constraint.id,
    dependent,
    primary,
    score,
    dependentRole: roleOf(fields['rsc-role']),
    primaryRole: roleOf(fields['with-rsc-role']),
    nodeAttribute: fields['node-attribute'] ?? '#uname',
    influence: influenceOf(draft, constraint, dependent),
  });
}

function partner(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
  id: string | undefined,
  instance: string | undefined,
): Resource | undefined {
  const resource = draft.finder.resource(id);
  if (resource === undefined) {
    const message = id === undefined ? 'A resource is missing' : `There is no resource '${id}'`;
    complain(draft, constraint.id, id === undefined ? 'missing_field' : 'unknown_reference', message);
    return undefined;
  }
  if (instance === undefined) return resource;
  const found = resource.children.find((child) => child.id.endsWith(`:${instance}`));
  if (resource.kind === 'clone' && found !== undefined) return found;
  complain(draft, constraint.id, 'unknown_reference', `'${resource.id}' has no instance '${instance}'`);
  return undefined;
}

/** `unknown` for every role; to be started is to be in any role. */
export function roleOf(text: string | undefined): Role {
  const role = parseRole(text);
  return role === ROLE.started ? ROLE.unknown : role;
}

/** Whether the dependent has a say where the primary goes: as told, else whether it is `critical`. */
export function influenceOf(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
  dependent: Resource,
): boolean {
  const text = constraint.fields['influence'];
  if (text === undefined) return dependent.isCritical;
  const influence = parseBoolean(text);
  if (influence !== undefined) return influence;
  complain(draft, constraint.id, 'bad_value', `influence '${lower(text)}' is neither true nor false`);
  return dependent.isCritical;
}

/** A colocation with score 0 says nothing. */
export function addColocation(draft: ScoreDraft, colocation: Colocation): void {
  if (colocation.score !== 0) draft.colocations.push(colocation);
}
