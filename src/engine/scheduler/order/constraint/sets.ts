import type { ConstraintDefinition, ResourceSet } from '../../../../model/index.ts';
import { LINK } from '../../actions/action.ts';
import { pseudoPoint } from '../../actions/make.ts';
import { TASK } from '../../actions/task.ts';
import { equalsIgnoringCase, isTrue } from '../../rules/values.ts';
import type { Resource } from '../../unpack/resource.ts';
import { actionEnd, taskEnd } from '../between.ts';
import { note, orderDoings, type Reading } from './context.ts';
import { oppositeTask, orderFlags, orderKind, orderSymmetry, type OrderKind, type Symmetry } from './kind.ts';

/** A set with its members looked up. */
interface OrderSet {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly members: readonly Resource[];
}

/** Order constraints with sets: the members of each among themselves, and each set with the one before. */
export function readOrderSets(
  reading: Reading,
  constraint: ConstraintDefinition,
  sets: readonly ResourceSet[],
): void {
  const kind = orderKind(constraint.fields);
  const symmetry = orderSymmetry(constraint.fields, kind);
  let last: OrderSet | undefined;
  for (const written of sets) {
    const set = lookUp(reading, constraint, written);
    if (set === undefined) return;
    orderMembers(reading, constraint, set, kind);
    if (last !== undefined) {
      orderSets(reading, constraint, last, set, [kind, symmetry]);
      if (symmetry === 'both-ways') orderSets(reading, constraint, set, last, [kind, 'inverse']);
    }
    last = set;
  }
}

function lookUp(
  reading: Reading,
  constraint: ConstraintDefinition,
  written: ResourceSet,
): OrderSet | undefined {
  const set = written.idRef === undefined ? written : reading.setsById.get(written.idRef);
  if (set === undefined) {
    const message = `There is no set '${written.idRef ?? ''}'; this set and those after it are left out.`;
    note(reading, 'unknown_reference', constraint, message);
    return undefined;
  }
  const members: Resource[] = [];
  for (const id of set.resources) {
    const member = reading.names.resource(id);
    if (member === undefined) {
      const message = `There is no resource '${id}'; its set and those after it are left out.`;
      note(reading, 'unknown_reference', constraint, message);
      return undefined;
    }
    members.push(member);
  }
  return { id: set.id ?? '', fields: set.fields, members };
}

function orderMembers(
  reading: Reading,
  constraint: ConstraintDefinition,
  set: OrderSet,
  kindAround: OrderKind,
): void {
  const { members, fields } = set;
  if (members.length < 2) return;
  const task = fields['action'] ?? TASK.start;
  const kind = fields['kind'] === undefined ? kindAround : orderKind(fields);
  const isSequential = isTrue(fields['sequential'] ?? 'true');
  const symmetry = orderSymmetry(fields, kindAround, constraint.fields['symmetrical']);
  const flags = orderFlags(kind, task, symmetry);
  const link = (first: Resource, then: Resource): void =>
    orderDoings(reading, constraint, { resource: first, task }, { resource: then, task }, flags);
  if (kind === 'serialize') {
    for (const [index, first] of members.entries()) {
      for (const then of members.slice(index + 1)) link(first, then);
    }
  } else if (isSequential) {
    forEachPair(members, link);
  }
  if (symmetry === 'one-way' || !isSequential) return;
  const undo = oppositeTask(task);
  if (undo === undefined) {
    note(reading, 'bad_value', constraint, `'${task}' has no opposite; set '${set.id}' counts one way only.`);
    return;
  }
  const back = orderFlags(kind, undo, 'inverse');
  forEachPair(members, (first, then) =>
    orderDoings(reading, constraint, { resource: then, task: undo }, { resource: first, task: undo }, back),
  );
}

function forEachPair(members: readonly Resource[], use: (first: Resource, then: Resource) => void): void {
  let last: Resource | undefined;
  for (const member of members) {
    if (last !== undefined) use(last, member);
    last = member;
  }
}

/** Between sets only those ends count that a sequential set has; all members of one that is not. */
function orderSets(
  reading: Reading,
  constraint: ConstraintDefinition,
  before: OrderSet,
  after: OrderSet,
  [kind, symmetry]: readonly [OrderKind, Symmetry],
): void {
  const { builder } = reading;
  const isBack = symmetry === 'inverse';
  const firstTask = taskOf(before, isBack);
  const thenTask = taskOf(after, isBack);
  if (firstTask === undefined || thenTask === undefined) return;
  const flags = orderFlags(kind, thenTask, symmetry);
  if (!requiresAll(before, firstTask)) {
    const any = pseudoPoint(builder, `one-or-more:${before.id}`);
    any.requiresAny = true;
    for (const first of before.members) {
      builder.request(taskEnd(first, firstTask), actionEnd(any), LINK.oneOrMore | LINK.showThen);
    }
    for (const then of after.members) {
      builder.request(actionEnd(any), taskEnd(then, thenTask), flags | LINK.thenNeedsFirstRunnable);
    }
    return;
  }
  for (const first of endsOf(before, isBack ? 'first' : 'last')) {
    for (const then of endsOf(after, isBack ? 'last' : 'first')) {
      orderDoings(
        reading,
        constraint,
        { resource: first, task: firstTask },
        { resource: then, task: thenTask },
        flags,
      );
    }
  }
}

function taskOf(set: OrderSet, isBack: boolean): string | undefined {
  const task = set.fields['action'] ?? TASK.start;
  return isBack ? oppositeTask(task) : task;
}

/** That one of several is enough counts on the way up only: before the last one goes down, what is above must. */
function requiresAll(set: OrderSet, task: string): boolean {
  if (equalsIgnoringCase(task, TASK.stop) || equalsIgnoringCase(task, TASK.demote)) return true;
  const written = set.fields['require-all'];
  return written === undefined || isTrue(written);
}

function endsOf(set: OrderSet, end: 'first' | 'last'): readonly Resource[] {
  // Left out, `sequential` counts as true within a set, but not between sets.
  if (!isTrue(set.fields['sequential'])) return set.members;
  return end === 'first' ? set.members.slice(0, 1) : set.members.slice(-1);
}
