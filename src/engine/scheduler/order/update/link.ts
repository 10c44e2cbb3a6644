import { LINK, type Action, type Link, type LinkFlags } from '../../actions/action.ts';
import { TASK } from '../../actions/task.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { CHANGED, FLAG } from './flags.ts';
import { updatePair, updateSingle } from './pair.ts';
import type { Solver, Working } from './solver.ts';
import { isBlocked } from './place.ts';
import { setOptional, setRunnable } from './set.ts';

/** A link that is looked at, with the flags of both actions as they count for it. */
export interface Considered {
  readonly link: Link;
  readonly first: Action;
  readonly then: Action;
  readonly firstFlags: number;
  readonly thenFlags: number;
}

/** Everything one link demands; a link may be of several kinds. The sequence counts. */
export function* updateLink(solver: Solver, considered: Considered): Working<number> {
  const { link, first, then, firstFlags } = considered;
  const node = narrowToNode(link, first, then);
  const pass = { solver, considered, node };
  const firstNeed = firstFlags & FLAG.optional;
  let changed: number = CHANGED.none;
  if (has(link, LINK.firstImpliesThen)) {
    if (then.resource === undefined) changed |= requireThen(solver, considered);
    else changed |= yield* effect(pass, then.resource, LINK.firstImpliesThen, firstNeed, FLAG.optional);
  }
  if (has(link, LINK.restart) && then.resource !== undefined) {
    changed |= yield* effect(pass, then.resource, LINK.restart, firstFlags, FLAG.optional | FLAG.runnable);
  }
  if (has(link, LINK.thenImpliesFirst)) {
    if (first.resource === undefined) changed |= forbidFirst(solver, considered);
    else changed |= yield* effect(pass, first.resource, LINK.thenImpliesFirst, firstFlags, FLAG.optional);
  }
  if (has(link, LINK.promotedThenImpliesFirst) && then.resource !== undefined) {
    changed |= yield* effect(pass, then.resource, LINK.promotedThenImpliesFirst, firstNeed, FLAG.optional);
  }
  if (has(link, LINK.oneOrMore)) {
    if (then.resource === undefined) changed |= countFirst(solver, considered);
    else if (then.resource.kind === 'clone') {
      changed |= yield* effect(pass, then.resource, LINK.oneOrMore, firstFlags, FLAG.runnable);
    }
  }
  if (has(link, LINK.probe) && then.resource !== undefined) {
    if ((firstFlags & FLAG.runnable) === 0 && (first.resource?.runningOn.length ?? 0) > 0) link.flags = 0;
    else
      changed |= yield* effect(pass, then.resource, LINK.thenNeedsFirstRunnable, firstFlags, FLAG.runnable);
  }
  if (has(link, LINK.thenNeedsFirstRunnable)) {
    if (then.resource === undefined) changed |= forbidThen(solver, considered);
    else
      changed |= yield* effect(pass, then.resource, LINK.thenNeedsFirstRunnable, firstFlags, FLAG.runnable);
  }
  if (then.resource !== undefined) {
    if (has(link, LINK.thenImpliesFirstMigratable)) {
      changed |= yield* effect(
        pass,
        then.resource,
        LINK.thenImpliesFirstMigratable,
        firstFlags,
        FLAG.optional,
      );
    }
    if (has(link, LINK.pseudoThenIfFirstRunnable)) {
      changed |= yield* effect(
        pass,
        then.resource,
        LINK.pseudoThenIfFirstRunnable,
        firstFlags,
        FLAG.optional,
      );
    }
    // Of a clone, instances are paired; otherwise a mere sequence changes nothing.
    if (has(link, LINK.sequence) && then.resource.kind === 'clone') {
      changed |= yield* effect(pass, then.resource, LINK.sequence, firstFlags, FLAG.runnable);
    }
    if (has(link, LINK.asymmetrical)) {
      changed |= yield* effect(pass, then.resource, LINK.asymmetrical, firstFlags, FLAG.runnable);
    }
  }
  show(considered);
  return changed | forbidAfterBlockedStop(solver, considered);
}

function has(link: Link, flag: LinkFlags): boolean {
  return (link.flags & flag) !== 0;
}

interface Pass {
  readonly solver: Solver;
  readonly considered: Considered;
  readonly node: Node | undefined;
}

function* effect(
  { solver, considered, node }: Pass,
  resource: Resource,
  link: LinkFlags,
  flags: number,
  concerns: number,
): Working<number> {
  const { first, then } = considered;
  const pair = { first, then, node };
  const wanted = { link, flags, concerns };
  if (resource.kind === 'primitive') return yield* updateSingle(solver, pair, wanted);
  return yield* updatePair(solver, resource, pair, wanted);
}

/** What follows from the unfencing of a node follows for the instances there only. */
function narrowToNode(link: Link, first: Action, then: Action): Node | undefined {
  if (!has(link, LINK.firstImpliesThenOnNode)) return then.node;
  link.flags = (link.flags & ~LINK.firstImpliesThenOnNode) | LINK.firstImpliesThen;
  return first.node;
}

function requireThen(solver: Solver, { then, firstFlags }: Considered): number {
  if ((firstFlags & FLAG.optional) !== 0 || !then.isOptional) return CHANGED.none;
  setOptional(solver, then, false);
  return CHANGED.then;
}

function forbidFirst(solver: Solver, { first, firstFlags }: Considered): number {
  if ((firstFlags & FLAG.optional) !== 0 || !first.isRunnable) return CHANGED.none;
  setRunnable(solver, first, false);
  return CHANGED.first;
}

function forbidThen(solver: Solver, { then, firstFlags }: Considered): number {
  if ((firstFlags & FLAG.runnable) !== 0 || !then.isRunnable) return CHANGED.none;
  setRunnable(solver, then, false);
  return CHANGED.then;
}

function countFirst(solver: Solver, { then, firstFlags }: Considered): number {
  if ((firstFlags & FLAG.runnable) === 0) return CHANGED.none;
  then.runnableBefore += 1;
  if (then.runnableBefore < then.requiredRunnableBefore || then.isRunnable) return CHANGED.none;
  setRunnable(solver, then, true);
  return CHANGED.then;
}

function show({ link, first, then, firstFlags, thenFlags }: Considered): void {
  const isFirstDone = first.isRunnable && (firstFlags & FLAG.optional) === 0;
  if (has(link, LINK.showThen) && isFirstDone) then.isShownAlways = true;
  if (has(link, LINK.showFirst) && (thenFlags & FLAG.optional) === 0) first.isShownAlways = true;
}

/** A stop that nobody may carry out holds up what comes after it. */
function forbidAfterBlockedStop(solver: Solver, { link, first, then }: Considered): number {
  if (!has(link, LINK.firstImpliesThen | LINK.thenImpliesFirst | LINK.restart)) return CHANGED.none;
  const { resource } = first;
  const isBlockedStop =
    resource !== undefined &&
    isBlocked(solver, resource) &&
    !solver.builder.isManaged(resource) &&
    first.task === TASK.stop &&
    !first.isRunnable;
  if (!isBlockedStop || !then.isRunnable) return CHANGED.none;
  setRunnable(solver, then, false);
  return CHANGED.then;
}
