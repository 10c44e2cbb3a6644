import type { Action } from '../../actions/action.ts';
import { newestAction } from '../../actions/find.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import type { Solver } from './solver.ts';

/** How the instances of a cloned primitive stand to one task: with each change of one of thousands all are asked. */
export interface CloneTally {
  /** The newest action of each instance. */
  readonly actions: ReadonlySet<Action>;
  /** How many of them are required. */
  required: number;
  /** How many of them can be done. */
  runnable: number;
}

/** By what instances do, and by the node where they do it; no node: anywhere. */
export type CloneTallies = Map<string, NodeTallies>;
type NodeTallies = Map<Node | undefined, CloneTally>;

export function cloneTallyOf(
  solver: Solver,
  clone: Resource,
  task: string,
  node: Node | undefined,
): CloneTally {
  const byTask = solver.cloneTallies.get(clone) ?? new Map<string, NodeTallies>();
  const byNode = byTask.get(task) ?? new Map<Node | undefined, CloneTally>();
  const tally = byNode.get(node) ?? count(solver, clone, task, node);
  solver.cloneTallies.set(clone, byTask.set(task, byNode.set(node, tally)));
  return tally;
}

function count(solver: Solver, clone: Resource, task: string, node: Node | undefined): CloneTally {
  const actions = new Set<Action>();
  let required = 0;
  let runnable = 0;
  for (const instance of solver.builder.childrenOf(clone)) {
    const action = newestAction(solver.builder, instance, task, node);
    if (action === undefined) continue;
    actions.add(action);
    if (!action.isOptional) required += 1;
    if (action.isRunnable) runnable += 1;
  }
  return { actions, required, runnable };
}

/** The tallies in which an action of an instance counts. */
export function* cloneTalliesWith(solver: Solver, action: Action): Iterable<CloneTally> {
  const clone = action.resource?.parent;
  if (clone?.kind !== 'clone') return;
  const byNode = solver.cloneTallies.get(clone)?.get(action.task);
  if (byNode === undefined) return;
  for (const node of action.node === undefined ? [undefined] : [undefined, action.node]) {
    const tally = byNode.get(node);
    if (tally?.actions.has(action) === true) yield tally;
  }
}
