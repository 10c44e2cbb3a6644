import type { ConstraintDefinition, Finding, ResourceSet } from '../../../../model/index.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { evaluateRules } from '../../rules/rule.ts';
import { INFINITY } from '../../rules/values.ts';
import type { Colocation } from '../../score/scored.ts';
import { orderApart } from './apart.ts';
import { findCircles, type Waiting } from './circles.ts';
import { note, type Reading } from './context.ts';
import { expandSets } from './expand.ts';
import { hasUnknownKind } from './kind.ts';
import { readNames } from './names.ts';
import { readOrderSets } from './sets.ts';
import { readSimpleOrder } from './simple.ts';

/**
 * The orderings that constraints ask for, in the sequence in which they are written: order constraints, and
 * colocations that keep two things apart. What cannot be understood becomes a finding and is left out.
 * ("Pacemaker Explained", Resource Constraints.)
 */
export function readConstraints(builder: ActionBuilder, findings: Finding[]): void {
  const { scored } = builder.assigned;
  const { constraints } = scored.unpacked.configuration;
  const reading: Reading = {
    builder,
    names: readNames(builder),
    setsById: indexSets(constraints),
    findings,
    waiting: [],
  };
  const apart = indexApart(scored.colocations);
  for (const constraint of constraints) {
    if (constraint.kind === 'order') {
      if (isActive(builder, constraint)) readOrder(reading, constraint);
    } else if (constraint.kind === 'colocation') {
      for (const id of [constraint.id, ...constraint.sets.map((set) => set.id)]) {
        if (id === undefined) continue;
        for (const colocation of apart.get(id) ?? []) orderApart(builder, colocation);
        apart.delete(id);
      }
    }
  }
  if (reading.waiting.length > 0) findings.push(...findCircles([...reading.waiting, ...natural(builder)]));
  for (const rest of apart.values()) for (const colocation of rest) orderApart(builder, colocation);
}

/** What waits for what without any constraint. */
function natural(builder: ActionBuilder): readonly Waiting[] {
  const { all } = builder.assigned.scored.unpacked;
  return all.flatMap((resource): Waiting[] => {
    const { id, children, group } = resource;
    const own = [{ first: `${id}_start`, then: `${id}_promote`, constraint: undefined }];
    if (group?.isOrdered !== true) return resource.isPromotable ? own : [];
    return children.slice(1).map((member, index) => ({
      first: `${children[index]?.id ?? ''}_start`,
      then: `${member.id}_start`,
      constraint: undefined,
    }));
  });
}

function readOrder(reading: Reading, constraint: ConstraintDefinition): void {
  if (hasUnknownKind(constraint.fields)) {
    const message = `Unknown kind '${constraint.fields['kind'] ?? ''}'; it counts as Mandatory.`;
    note(reading, 'bad_value', constraint, message);
  }
  const sets = expandSets(reading, constraint);
  if (sets === undefined) return;
  if (sets.length > 0) readOrderSets(reading, constraint, sets);
  else readSimpleOrder(reading, constraint);
}

function isActive(builder: ActionBuilder, constraint: ConstraintDefinition): boolean {
  const { lifetime } = constraint;
  const { evaluation } = builder.assigned.scored.unpacked;
  return lifetime === undefined || evaluateRules(evaluation, lifetime.rules, {});
}

function indexSets(constraints: readonly ConstraintDefinition[]): ReadonlyMap<string, ResourceSet> {
  const found = new Map<string, ResourceSet>();
  for (const { sets } of constraints) {
    for (const set of sets) if (set.id !== undefined && !found.has(set.id)) found.set(set.id, set);
  }
  return found;
}

function indexApart(colocations: readonly Colocation[]): Map<string, Colocation[]> {
  const found = new Map<string, Colocation[]>();
  for (const colocation of colocations) {
    if (colocation.score > -INFINITY) continue;
    const known = found.get(colocation.id);
    if (known === undefined) found.set(colocation.id, [colocation]);
    else known.push(colocation);
  }
  return found;
}
