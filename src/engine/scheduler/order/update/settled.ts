import { LINK } from '../../actions/action.ts';
import { flagsOf } from './flags.ts';
import type { Considered } from './link.ts';
import { isForPrimitives } from './pair.ts';
import type { Solver } from './solver.ts';

/** Whether the link has been looked at with the very same flags, and changed nothing then. */
export function isSettled(solver: Solver, considered: Considered, index: number): boolean {
  const known = solver.settled.get(considered.then)?.[index];
  return known !== undefined && known === signature(considered);
}

export function settle(solver: Solver, considered: Considered, index: number): void {
  if (!isPlain(considered)) return;
  let known = solver.settled.get(considered.then);
  if (known === undefined) {
    known = [];
    solver.settled.set(considered.then, known);
  }
  known[index] = signature(considered);
}

function signature({ first, then, firstFlags, thenFlags }: Considered): number {
  return flagsOf(first) | (firstFlags << 5) | (flagsOf(then) << 10) | (thenFlags << 15);
}

/** Whether nothing but the flags of the two actions themselves decides what the link does. */
function isPlain({ link, first, then }: Considered): boolean {
  if ((link.flags & LINK.oneOrMore) !== 0) return false;
  const { resource } = then;
  if (resource === undefined || resource.kind === 'primitive') return true;
  if (isForPrimitives(then.task)) return false;
  if (resource.kind === 'group') return true;
  return first.resource?.kind !== 'clone' && resource.children[0]?.kind !== 'group';
}
