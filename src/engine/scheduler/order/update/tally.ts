import type { Action } from '../../actions/action.ts';
import { newestAction } from '../../actions/find.ts';
import { atomicTask } from '../../actions/task.ts';
import type { Resource } from '../../unpack/resource.ts';
import { cloneTalliesWith } from './clone-tally.ts';
import type { Solver } from './solver.ts';

/** How a group's members stand to one task, kept up to date as flags change: big groups are asked very often. */
export interface Tally {
  /** The members' actions with the members' positions. */
  readonly positions: ReadonlyMap<Action, number>;
  /** How many of them are required. */
  required: number;
  /** The first member that cannot do it; Infinity: all can. */
  firstUnrunnable: number;
  /** The first member that has no such action; Infinity: all have one. */
  readonly firstMissing: number;
}

export function tallyOf(solver: Solver, group: Resource, memberTask: string): Tally {
  let ofGroup = solver.tallies.get(group);
  if (ofGroup === undefined) {
    ofGroup = new Map();
    solver.tallies.set(group, ofGroup);
  }
  let tally = ofGroup.get(memberTask);
  if (tally === undefined) {
    tally = count(solver, group, memberTask);
    ofGroup.set(memberTask, tally);
  }
  return tally;
}

function count(solver: Solver, group: Resource, memberTask: string): Tally {
  const positions = new Map<Action, number>();
  let required = 0;
  let firstUnrunnable = Infinity;
  let firstMissing = Infinity;
  for (const [position, member] of solver.builder.childrenOf(group).entries()) {
    const action = newestAction(solver.builder, member, memberTask);
    if (action === undefined) {
      firstMissing = Math.min(firstMissing, position);
      continue;
    }
    positions.set(action, position);
    if (!action.isOptional) required += 1;
    if (!action.isRunnable) firstUnrunnable = Math.min(firstUnrunnable, position);
  }
  return { positions, required, firstUnrunnable, firstMissing };
}

function tallyWith(solver: Solver, action: Action): Tally | undefined {
  const group = action.resource?.parent;
  if (group === undefined || group.kind !== 'group') return undefined;
  const tally = solver.tallies.get(group)?.get(atomicTask(action.task));
  return tally?.positions.has(action) === true ? tally : undefined;
}

export function countOptional(solver: Solver, action: Action): void {
  const tally = tallyWith(solver, action);
  if (tally !== undefined) tally.required += action.isOptional ? -1 : 1;
  for (const counted of cloneTalliesWith(solver, action)) counted.required += action.isOptional ? -1 : 1;
}

export function countRunnable(solver: Solver, action: Action): void {
  for (const counted of cloneTalliesWith(solver, action)) counted.runnable += action.isRunnable ? 1 : -1;
  const tally = tallyWith(solver, action);
  if (tally === undefined) return;
  if (!action.isRunnable) {
    tally.firstUnrunnable = Math.min(tally.firstUnrunnable, tally.positions.get(action) ?? Infinity);
  } else if (action.resource?.parent !== undefined) {
    // Which one is the first now is found when it is asked for the next time.
    solver.tallies.get(action.resource.parent)?.delete(atomicTask(action.task));
  }
}
