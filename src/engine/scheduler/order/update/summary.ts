import type { Action } from '../../actions/action.ts';
import { newestAction } from '../../actions/find.ts';
import { atomicTask, TASK } from '../../actions/task.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { FLAG, flagsOf } from './flags.ts';
import type { Solver } from './solver.ts';
import { setOptional, setRunnable } from './set.ts';
import { cloneTallyOf } from './clone-tally.ts';
import { tallyOf } from './tally.ts';

const ALL = FLAG.optional | FLAG.runnable | FLAG.pseudo;

/**
 * The flags that count for an action. Those of a group's or clone's follow from its members and instances, and the
 * action itself is corrected on the way. `node`: only what is there counts.
 */
export function countingFlags(solver: Solver, action: Action, node: Node | undefined): number {
  switch (action.resource?.kind) {
    case 'group':
      return groupFlags(solver, action, action.resource, node);
    case 'clone':
      return cloneFlags(solver, action, action.resource, node);
    case 'primitive':
    case undefined:
      return flagsOf(action);
  }
}

/**
 * As an ordering sees an action: of a clone what is on one node decides, except that what can be done anywhere counts
 * as possible.
 */
export function orderingFlags(solver: Solver, action: Action, node: Node | undefined): number {
  const flags = countingFlags(solver, action, undefined);
  if (node === undefined || action.resource?.kind !== 'clone') return flags;
  return countingFlags(solver, action, node) | (flags & FLAG.runnable);
}

/** A group has to do it where one member has to, and can where all members can; anyone can stop or demote. */
function groupFlags(solver: Solver, action: Action, group: Resource, node: Node | undefined): number {
  const memberTask = atomicTask(action.task);
  const needsAll = memberTask !== TASK.stop && memberTask !== TASK.demote;
  const tally =
    node === undefined ? tallyOf(solver, group, memberTask) : tallyOn(solver, group, memberTask, node);
  let flags = ALL;
  if (tally.required > 0) {
    flags &= ~FLAG.optional;
    setOptional(solver, action, false);
  }
  const firstMissing = needsAll ? tally.firstMissing : Infinity;
  if (firstMissing < Infinity) flags &= ~FLAG.runnable;
  if (memberTask !== action.task && tally.firstUnrunnable < Infinity) {
    flags &= ~FLAG.runnable;
    if (tally.firstUnrunnable < firstMissing) setRunnable(solver, action, false);
  }
  return flags;
}

interface Counted {
  required: number;
  firstUnrunnable: number;
  firstMissing: number;
}

function tallyOn(solver: Solver, group: Resource, memberTask: string, node: Node): Counted {
  const counted: Counted = { required: 0, firstUnrunnable: Infinity, firstMissing: Infinity };
  for (const [position, member] of solver.builder.childrenOf(group).entries()) {
    const action = newestAction(solver.builder, member, memberTask, node);
    if (action === undefined) counted.firstMissing = Math.min(counted.firstMissing, position);
    else {
      if (!action.isOptional) counted.required += 1;
      if (!action.isRunnable) counted.firstUnrunnable = Math.min(counted.firstUnrunnable, position);
    }
  }
  return counted;
}

/** A clone has to do it where one instance has to, and can where one instance can. */
function cloneFlags(solver: Solver, action: Action, clone: Resource, node: Node | undefined): number {
  const task = instanceTask(action, clone);
  const { required, runnable } =
    clone.children[0]?.kind === 'group'
      ? countGroups(solver, clone, task, node)
      : cloneTallyOf(solver, clone, task, node);
  let flags = ALL;
  if (required > 0) {
    flags &= ~FLAG.optional;
    setOptional(solver, action, false);
  }
  if (runnable === 0) {
    flags &= ~FLAG.runnable;
    if (node === undefined) setRunnable(solver, action, false);
  }
  return flags;
}

/** What groups can do follows from their members, so that they are summed up each time. */
function countGroups(
  solver: Solver,
  clone: Resource,
  task: string,
  node: Node | undefined,
): { required: number; runnable: number } {
  const counted = { required: 0, runnable: 0 };
  for (const group of solver.builder.childrenOf(clone)) {
    const own = newestAction(solver.builder, group, task);
    if (own === undefined) continue;
    const flags = countingFlags(solver, own, node);
    if ((flags & FLAG.optional) === 0) counted.required += 1;
    if ((flags & FLAG.runnable) !== 0) counted.runnable += 1;
  }
  return counted;
}

/** What an instance does where the clone does this; of a notification: what it is about. */
export function instanceTask(action: Action, clone: Resource): string {
  const task = isNotification(action) ? notifiedTask(action.key) : action.task;
  return clone.children[0]?.kind === 'group' ? task : atomicTask(task);
}

function isNotification(action: Action): boolean {
  return action.task === TASK.notify || action.task === TASK.notified;
}

/** `drbd-clone_confirmed-post_notify_promoted_0` is about `promoted`. */
function notifiedTask(key: string): string {
  const end = key.lastIndexOf('_');
  return key.slice(key.lastIndexOf('_', end - 1) + 1, end);
}
