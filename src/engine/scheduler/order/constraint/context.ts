import type { ConstraintDefinition, Finding, FindingCode, ResourceSet } from '../../../../model/index.ts';
import { LINK, type LinkFlags } from '../../actions/action.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import type { Resource } from '../../unpack/resource.ts';
import { orderTasks } from '../between.ts';
import type { Waiting } from './circles.ts';
import type { Names } from './names.ts';

/** While constraints are read. */
export interface Reading {
  readonly builder: ActionBuilder;
  readonly names: Names;
  /** Sets of all constraints by id, for those that refer to another one. */
  readonly setsById: ReadonlyMap<string, ResourceSet>;
  readonly findings: Finding[];
  /** Everything that waits for something else because of constraints. */
  readonly waiting: Waiting[];
}

export function note(
  reading: Reading,
  code: FindingCode,
  constraint: ConstraintDefinition,
  message: string,
): void {
  reading.findings.push({ code, place: `order '${constraint.id}'`, message });
}

/** What a resource does, as a constraint names it. */
export interface Doing {
  readonly resource: Resource;
  readonly task: string;
}

/** Nothing can be ordered after itself: where a constraint asks for that, this part of it is left out. */
export function orderDoings(
  reading: Reading,
  constraint: ConstraintDefinition,
  first: Doing,
  then: Doing,
  flags: LinkFlags,
): void {
  if (first.resource === then.resource && first.task === then.task) {
    const message = `It orders the ${first.task} of '${first.resource.id}' after itself; that is left out.`;
    note(reading, 'invalid_constraint', constraint, message);
    return;
  }
  if ((flags & (LINK.serialize | LINK.thenImpliesFirst)) === 0) {
    reading.waiting.push({ first: nameOf(first), then: nameOf(then), constraint: constraint.id });
  }
  orderTasks(reading.builder, first.resource, first.task, then.resource, then.task, flags);
}

function nameOf({ resource, task }: Doing): string {
  return `${resource.id}_${task}`;
}
