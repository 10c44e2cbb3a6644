import { LINK, type Action, type Link, type LinkFlags } from '../../actions/action.ts';
import { TASK } from '../../actions/task.ts';
import type { Node } from '../../unpack/node.ts';
import { CHANGED, FLAG } from './flags.ts';
import { updatePair } from './pair.ts';
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

/** One kind of demand that a link can make. */
interface Demand {
  readonly flag: LinkFlags;
  /** Whose resource decides whom it concerns: of a group or clone, members and instances as well. */
  readonly of: 'first' | 'then';
  /** As what it is applied: one bit of `LINK`. */
  readonly effect: LinkFlags;
  /** The flags of `first` that count for it. */
  readonly flags: number;
  readonly concerns: number;
  /** Made of clones only: for others it changes nothing. */
  readonly isForClones: boolean;
  /** What is changed where there is no such resource. */
  readonly alone: (solver: Solver, considered: Considered) => number;
}

const nothing = (): number => CHANGED.none;

function demand(flag: LinkFlags, concerns: number, rest: Partial<Demand> = {}): Demand {
  const common = { of: 'then', effect: flag, flags: ~0, isForClones: false, alone: nothing } as const;
  return { ...common, flag, concerns, ...rest };
}

/** The sequence counts: what one demand has changed the next one finds. */
const DEMANDS: readonly Demand[] = [
  demand(LINK.firstImpliesThen, FLAG.optional, { flags: FLAG.optional, alone: requireThen }),
  demand(LINK.restart, FLAG.optional | FLAG.runnable),
  demand(LINK.thenImpliesFirst, FLAG.optional, { of: 'first', alone: forbidFirst }),
  demand(LINK.promotedThenImpliesFirst, FLAG.optional, { flags: FLAG.optional }),
  demand(LINK.oneOrMore, FLAG.runnable, { isForClones: true, alone: countFirst }),
  demand(LINK.probe, FLAG.runnable, { effect: LINK.thenNeedsFirstRunnable }),
  demand(LINK.thenNeedsFirstRunnable, FLAG.runnable, { alone: forbidThen }),
  demand(LINK.thenImpliesFirstMigratable, FLAG.optional),
  demand(LINK.pseudoThenIfFirstRunnable, FLAG.optional),
  // Of a clone, instances are paired; otherwise a mere sequence changes nothing.
  demand(LINK.sequence, FLAG.runnable, { isForClones: true }),
  demand(LINK.asymmetrical, FLAG.runnable),
];

/** Everything one link demands; a link may be of several kinds. */
export function* updateLink(solver: Solver, considered: Considered): Working<number> {
  const { link, first, then, firstFlags } = considered;
  const pair = { first, then, node: narrowToNode(link, first, then) };
  let changed: number = CHANGED.none;
  for (const { flag, of, effect, flags, concerns, isForClones, alone } of DEMANDS) {
    if (!has(link, flag)) continue;
    const { resource } = considered[of];
    if (resource === undefined) {
      changed |= alone(solver, considered);
    } else if (flag === LINK.probe && isAboutToStop(considered)) {
      link.flags = 0;
    } else if (!isForClones || resource.kind === 'clone') {
      const pairChange = updatePair(solver, resource, pair, {
        link: effect,
        flags: firstFlags & flags,
        concerns,
      });
      changed |= typeof pairChange === 'number' ? pairChange : yield* pairChange;
    }
  }
  show(considered);
  return changed | forbidAfterBlockedStop(solver, considered);
}

function has(link: Link, flag: LinkFlags): boolean {
  return (link.flags & flag) !== 0;
}

/** A probe that cannot happen where its resource runs holds up nobody. */
function isAboutToStop({ first, firstFlags }: Considered): boolean {
  return (firstFlags & FLAG.runnable) === 0 && (first.resource?.runningOn.length ?? 0) > 0;
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
