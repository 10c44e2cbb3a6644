import { LINK, type Action, type Link } from '../../actions/action.ts';
import { TASK } from '../../actions/task.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { blockDependents } from './colocated.ts';
import { endingOf } from './ending.ts';
import { CHANGED, FLAG, flagsOf } from './flags.ts';
import { updateLink } from './link.ts';
import { placeOf } from './place.ts';
import { isSettled, settle } from './settled.ts';
import type { Solver, Work } from './solver.ts';
import { orderingFlags } from './summary.ts';
import { nextPosition, wideOf } from './wide.ts';
import { setOptional, setRunnable } from './set.ts';

/** Changes an action as the links to what goes before it demand, and whatever hangs on that. */
export function* updateAction(solver: Solver, then: Action): Work {
  const flagsBefore = flagsOf(then);
  let changed: number = CHANGED.none;
  if (then.requiresAny) startCounting(solver, then);
  // Links made meanwhile are seen when the action is looked at again.
  const wide = wideOf(solver, then);
  let index = then.before.length;
  for (;;) {
    index = wide === undefined ? index - 1 : nextPosition(solver, wide, then, index);
    const link = then.before[index];
    if (link === undefined) break;
    if (isElsewhere(solver, link, then)) continue;
    changed &= ~CHANGED.first;
    cancelFirst(solver, link, then);
    const first = effectiveFirst(solver, link.action, then);
    if (first === link.action) {
      const firstFlags = orderingFlags(solver, first, nodeOf(solver, then));
      const thenFlags = orderingFlags(solver, then, nodeOf(solver, first));
      const considered = { link, first, then, firstFlags, thenFlags };
      if (!demands(link, then) || isSettled(solver, considered, index)) {
        wide?.pending.delete(index);
        continue;
      }
      const now = yield* updateLink(solver, considered);
      if (now === CHANGED.none) settle(solver, considered, index);
      changed |= now;
    } else if (solver.builder.link(first, then, link.flags)) {
      changed |= CHANGED.then;
      link.flags = 0;
    }
    if ((changed & CHANGED.first) !== 0) {
      yield updateAfter(solver, first);
      yield updateAction(solver, first);
    }
  }
  if (then.requiresAny) {
    changed &= ~CHANGED.then;
    if (flagsOf(then) !== flagsBefore) changed |= CHANGED.then;
  }
  if ((changed & CHANGED.then) === 0) return;
  if ((flagsBefore & FLAG.runnable) !== 0 && !then.isRunnable) yield blockDependents(solver, then);
  yield updateAction(solver, then);
  yield updateAfter(solver, then);
}

/** What comes after an action is looked at once more; the newest link first. */
export function* updateAfter(solver: Solver, action: Action): Work {
  for (let index = action.after.length - 1; index >= 0; index -= 1) {
    const link = action.after[index];
    if (link !== undefined) yield updateAction(solver, link.action);
  }
}

/** Links that say nothing but when something happens, not whether. */
const SILENT =
  LINK.sequence |
  LINK.unlessFirstMigrates |
  LINK.serialize |
  LINK.sameNode |
  LINK.load |
  LINK.antiColocation |
  LINK.preserve |
  LINK.thenCancelsFirst;

/** Whether looking at a link can change anything; instances of clones are paired even for a mere sequence. */
function demands(link: Link, then: Action): boolean {
  return (link.flags & ~SILENT) !== 0 || then.resource?.kind === 'clone';
}

/** An action that needs some of several: they are counted anew, and it cannot be done before enough are found. */
function startCounting(solver: Solver, action: Action): void {
  action.runnableBefore = 0;
  if (action.requiredRunnableBefore === 0) action.requiredRunnableBefore = 1;
  setRunnable(solver, action, false);
}

/** A link that counts on one node only is switched off where its ends are on two. */
function isElsewhere(solver: Solver, link: Link, then: Action): boolean {
  if ((link.flags & LINK.sameNode) === 0) return false;
  const firstNode = nodeOf(solver, link.action);
  const thenNode = nodeOf(solver, then);
  if (firstNode === undefined || thenNode === undefined || firstNode === thenNode) return false;
  link.flags = 0;
  return true;
}

function nodeOf(solver: Solver, action: Action): Node | undefined {
  const { resource } = action;
  if (resource?.kind === 'group' && action.task === TASK.start) return placeOf(solver, resource, false);
  return action.node;
}

/** Where `then` has to happen, some things need not any more (a reload, before a stop). */
function cancelFirst(solver: Solver, link: Link, then: Action): void {
  const { action } = link;
  if (action.resource === undefined || then.isOptional || (link.flags & LINK.thenCancelsFirst) === 0) return;
  setOptional(solver, action, true);
  if (action.task === TASK.reload) solver.builder.reloading.delete(action.resource);
}

/** Between resources it is the end of what a group or clone does that counts; not so within one. */
function effectiveFirst(solver: Solver, first: Action, then: Action): Action {
  if (first.resource === undefined || then.resource === undefined) return first;
  if (first.resource === then.resource || isWithin(then.resource, first.resource)) return first;
  return endingOf(solver, first);
}

function isWithin(resource: Resource, outer: Resource): boolean {
  for (let above = resource.parent; above !== undefined; above = above.parent)
    if (above === outer) return true;
  return false;
}
