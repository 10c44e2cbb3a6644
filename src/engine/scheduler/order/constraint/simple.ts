import type { ConstraintDefinition } from '../../../../model/index.ts';
import { LINK, type LinkFlags } from '../../actions/action.ts';
import { pseudoPoint } from '../../actions/make.ts';
import { TASK } from '../../actions/task.ts';
import { equalsIgnoringCase, isTrue, parseCount } from '../../rules/values.ts';
import type { Resource } from '../../unpack/resource.ts';
import { actionEnd, taskEnd } from '../between.ts';
import { note, orderDoings, type Doing, type Reading } from './context.ts';
import { oppositeTask, orderFlags, orderKind, orderSymmetry, type OrderKind } from './kind.ts';

/** An order constraint between two resources. */
export function readSimpleOrder(reading: Reading, constraint: ConstraintDefinition): void {
  const { fields } = constraint;
  const first = readResource(reading, constraint, 'first');
  const then = first === undefined ? undefined : readResource(reading, constraint, 'then');
  if (first === undefined || then === undefined) return;

  const firstTask = fields['first-action'] ?? TASK.start;
  const thenTask = fields['then-action'] ?? firstTask;
  const kind = orderKind(fields);
  const symmetry = orderSymmetry(fields, kind);
  const flags = orderFlags(kind, firstTask, symmetry) | restartFlags(then, kind, LINK.firstImpliesThen);
  const minimum = minimumOf(first, fields);
  const begun: Doing = { resource: first, task: firstTask };
  const next: Doing = { resource: then, task: thenTask };
  if (minimum > 0) orderAfterSome(reading, constraint.id, minimum, begun, next, flags);
  else orderDoings(reading, constraint, begun, next, flags);

  if (symmetry !== 'both-ways') return;
  const undoFirst = oppositeTask(firstTask);
  const undoThen = oppositeTask(thenTask);
  if (undoFirst === undefined || undoThen === undefined) {
    const message = `'${undoFirst === undefined ? firstTask : thenTask}' has no opposite; it counts one way only.`;
    note(reading, 'bad_value', constraint, message);
    return;
  }
  const back = orderFlags(kind, undoFirst, 'inverse') | restartFlags(then, kind, LINK.thenImpliesFirst);
  orderDoings(
    reading,
    constraint,
    { resource: then, task: undoThen },
    { resource: first, task: undoFirst },
    back,
  );
}

function readResource(
  reading: Reading,
  constraint: ConstraintDefinition,
  side: 'first' | 'then',
): Resource | undefined {
  const id = constraint.fields[side];
  if (id === undefined) {
    note(reading, 'missing_field', constraint, `It has no '${side}' and is left out.`);
    return undefined;
  }
  const resource = reading.names.resource(id);
  if (resource === undefined) {
    note(
      reading,
      'unknown_reference',
      constraint,
      `There is no resource '${id}'; the constraint is left out.`,
    );
    return undefined;
  }
  const number = constraint.fields[`${side}-instance`];
  if (number === undefined) return resource;
  const instanceId = `${resource.clone?.childId ?? id}:${number}`;
  const instance = resource.children.find((child) => child.id === instanceId);
  if (resource.kind === 'clone' && instance !== undefined) return instance;
  note(
    reading,
    'unknown_reference',
    constraint,
    `'${id}' has no instance '${number}'; the constraint is left out.`,
  );
  return undefined;
}

/** An older option: with it, even optional orders restart what comes after. */
function restartFlags(then: Resource, kind: OrderKind, flag: LinkFlags): LinkFlags {
  return kind === 'optional' && equalsIgnoringCase(then.meta.get('restart-type') ?? '', 'restart') ? flag : 0;
}

/** How many instances of a clone must have done it before what comes after can; 0: all of them. */
function minimumOf(first: Resource, fields: Readonly<Record<string, string>>): number {
  if (first.kind !== 'clone') return 0;
  const minimum = first.meta.get('clone-min');
  if (minimum !== undefined) return parseCount(minimum, 0);
  const requiresAll = fields['require-all'];
  return requiresAll === undefined || isTrue(requiresAll) ? 0 : 1;
}

/** Instances meet in a point that can be passed once enough of them have done it. */
function orderAfterSome(
  reading: Reading,
  id: string,
  minimum: number,
  first: Doing,
  then: Doing,
  flags: LinkFlags,
): void {
  const { builder } = reading;
  const enough = pseudoPoint(builder, `clone-one-or-more:${id}`);
  enough.requiredRunnableBefore = minimum;
  enough.requiresAny = true;
  for (const instance of first.resource.children) {
    builder.request(taskEnd(instance, first.task), actionEnd(enough), LINK.oneOrMore | LINK.showThen);
  }
  builder.request(actionEnd(enough), taskEnd(then.resource, then.task), flags | LINK.thenNeedsFirstRunnable);
}
