import type { ConstraintDefinition, ResourceSet } from '../../../model/index.ts';
import { lower } from '../rules/text.ts';
import { parseRole } from '../rules/values.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import { parseScore } from './arithmetic.ts';
import { complain } from './complain.ts';
import type { ScoreDraft } from './draft.ts';
import { unpackRule, type Match } from './location-rule.ts';
import { compilePattern } from './pattern.ts';
import type { Discovery, LocationConstraint } from './scored.ts';
import { expandTags, resolveSets } from './sets.ts';

/** Reads one location constraint: for a resource, for those that a pattern matches, for sets, tags and templates. */
export function unpackLocation(draft: ScoreDraft, constraint: ConstraintDefinition): void {
  const sets = setsOf(draft, constraint);
  if (sets === undefined) return;
  for (const set of sets) if (set === undefined || !unpackSet(draft, constraint, set)) return;
  if (sets.length > 0) return;

  const { rsc: id, 'rsc-pattern': pattern } = constraint.fields;
  if (id !== undefined) {
    const resource = draft.finder.resource(id);
    if (resource === undefined) {
      complain(draft, constraint.id, 'unknown_reference', `There is no resource '${id}'; it is left out`);
    } else {
      locate(draft, constraint, resource, {});
    }
  }
  if (pattern !== undefined) unpackPattern(draft, constraint, pattern);
}

/** `undefined`: the constraint is to be left out altogether. */
function setsOf(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
): readonly (ResourceSet | undefined)[] | undefined {
  if (constraint.sets.length > 0) return expandTags(draft, constraint.id, resolveSets(draft, constraint));
  const { rsc: id, role } = constraint.fields;
  if (id === undefined || draft.finder.resource(id) !== undefined) return [];
  const tagged = draft.finder.tagged(id);
  if (tagged === undefined) {
    complain(draft, constraint.id, 'unknown_reference', `'${id}' is neither a resource nor a tag`);
    return undefined;
  }
  return [{ id, fields: role === undefined ? {} : { role }, resources: tagged }];
}

/** False where a resource of the set does not exist: what comes after it does not count. */
function unpackSet(draft: ScoreDraft, constraint: ConstraintDefinition, set: ResourceSet): boolean {
  for (const id of set.resources) {
    const resource = draft.finder.resource(id);
    if (resource === undefined) {
      complain(draft, constraint.id, 'unknown_reference', `There is no resource '${id}' for its set`);
      return false;
    }
    locate(draft, constraint, resource, { role: set.fields['role'], score: set.fields['score'] });
  }
  return true;
}

function unpackPattern(draft: ScoreDraft, constraint: ConstraintDefinition, text: string): void {
  const isInverted = text.startsWith('!');
  const pattern = compilePattern(isInverted ? text.slice(1) : text);
  if (pattern === undefined) {
    complain(draft, constraint.id, 'bad_value', `'${text}' is no regular expression; it is left out`);
    return;
  }
  for (const resource of draft.unpacked.resources) {
    const match = pattern.exec(resource.id);
    if ((match !== null) === isInverted) continue;
    locate(draft, constraint, resource, match === null ? {} : { match: { groups: [...match] } });
  }
}

interface Overrides {
  readonly role?: string | undefined;
  readonly score?: string | undefined;
  readonly match?: Match | undefined;
}

/** The constraint for one resource: a node with a score, or rules. */
function locate(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
  resource: Resource,
  overrides: Overrides,
): void {
  const { node: name, role: ownRole, score: ownScore } = constraint.fields;
  const score = overrides.score ?? ownScore;
  const discovery = discoveryOf(draft, constraint);
  if (name === undefined || score === undefined) {
    for (const rule of constraint.rules) {
      const location = unpackRule(draft, constraint.id, rule, resource, overrides.match);
      if (location !== undefined) addLocation(draft, { ...location, discovery });
    }
    if (constraint.rules.length === 0) {
      complain(draft, constraint.id, 'invalid_constraint', 'It has neither node and score nor a rule');
    }
    return;
  }

  const node = draft.finder.node(name);
  if (node === undefined) {
    complain(draft, constraint.id, 'unknown_reference', `There is no node '${name}'; it is left out`);
    return;
  }
  addLocation(draft, {
    id: constraint.id,
    kind: 'location',
    resource,
    role: roleOf(draft, constraint, overrides.role ?? ownRole),
    scores: new Map([[node, parseScore(score)]]),
    discovery,
  });
}

/** To be unpromoted or started comes before everything else, so that a constraint for it is one for all roles. */
function roleOf(draft: ScoreDraft, constraint: ConstraintDefinition, text: string | undefined): Role {
  const role = parseRole(text);
  if (text !== undefined && role === ROLE.unknown) {
    complain(draft, constraint.id, 'bad_value', `'${text}' is no role; it counts for every role`);
  }
  return role === ROLE.started || role === ROLE.unpromoted ? ROLE.unknown : role;
}

function discoveryOf(draft: ScoreDraft, constraint: ConstraintDefinition): Discovery | undefined {
  const text = constraint.fields['resource-discovery'];
  if (text === undefined) return undefined;
  const word = lower(text);
  if (word === 'always' || word === 'never' || word === 'exclusive') return word;
  complain(draft, constraint.id, 'bad_value', `'${text}' is no resource-discovery; 'always' counts`);
  return undefined;
}

function addLocation(draft: ScoreDraft, location: LocationConstraint): void {
  draft.locations.push(location);
  if (location.discovery === 'exclusive') draft.exclusiveDiscovery.add(location.resource.index);
}
