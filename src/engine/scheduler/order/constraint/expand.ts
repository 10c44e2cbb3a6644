import type { ConstraintDefinition, ResourceSet } from '../../../../model/index.ts';
import { note, type Reading } from './context.ts';

/**
 * The sets of an order constraint with tags and templates replaced by what they stand for. A constraint between two
 * names becomes two sets where one of them is a tag. Empty: it is between two resources; `undefined`: left out.
 */
export function expandSets(
  reading: Reading,
  constraint: ConstraintDefinition,
): readonly ResourceSet[] | undefined {
  if (constraint.sets.length > 0) return constraint.sets.map((set) => expandSet(reading, set));
  const { first, then } = constraint.fields;
  if (first === undefined || then === undefined) return [];
  for (const id of [first, then]) {
    if (isKnown(reading, id)) continue;
    note(
      reading,
      'unknown_reference',
      constraint,
      `There is no resource or tag '${id}'; the constraint is left out.`,
    );
    return undefined;
  }
  if (reading.names.resource(first) !== undefined && reading.names.resource(then) !== undefined) return [];
  return [
    asSet(reading, first, constraint.fields['first-action']),
    asSet(reading, then, constraint.fields['then-action']),
  ];
}

function isKnown(reading: Reading, id: string): boolean {
  return reading.names.resource(id) !== undefined || reading.names.tagged(id) !== undefined;
}

function expandSet(reading: Reading, set: ResourceSet): ResourceSet {
  const { names } = reading;
  const resources = set.resources.flatMap((id) =>
    names.resource(id) === undefined ? (names.tagged(id) ?? [id]) : [id],
  );
  return { ...set, resources };
}

function asSet(reading: Reading, id: string, action: string | undefined): ResourceSet {
  const tagged = reading.names.resource(id) === undefined ? reading.names.tagged(id) : undefined;
  const fields: Record<string, string> = tagged === undefined ? {} : { sequential: 'false' };
  if (action !== undefined) fields['action'] = action;
  return { id, fields, resources: tagged ?? [id] };
}
