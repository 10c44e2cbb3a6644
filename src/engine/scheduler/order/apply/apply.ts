import { LINK } from '../../actions/action.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { TASK } from '../../actions/task.ts';
import { createsLoop } from '../../graph/loop.ts';
import { blockDependents } from '../update/colocated.ts';
import { createSolver, run } from '../update/solver.ts';
import { updateAction } from '../update/update.ts';
import { applyOrderings } from './orderings.ts';
import { orderAfterProbes } from './probe-stops.ts';
import { createProbeRestarts } from './probe-restarts.ts';

/**
 * The end of the fourth phase: orderings become links, and what each action's links demand is carried on until nothing
 * changes any more. The newest action comes first, as in Pacemaker's list: where two reasons compete, that decides.
 */
export function applyAll(builder: ActionBuilder): void {
  applyOrderings(builder);
  const solver = createSolver(builder);
  const actions = builder.all.toReversed();
  for (const action of actions) run(blockDependents(solver, action));
  const probeRestarts = createProbeRestarts(builder);
  orderAfterProbes(builder);
  for (const action of actions) run(updateAction(solver, action));
  probeRestarts(solver);
  dropCapacityLoops(builder);
}

/** Two migrations that change places cannot wait for each other's capacity: then one of them does not. */
function dropCapacityLoops(builder: ActionBuilder): void {
  for (const action of builder.all.toReversed()) {
    if (action.resource === undefined || action.task !== TASK.migrateTo) continue;
    for (const link of action.before.toReversed()) {
      if (link.flags === LINK.load && createsLoop(builder, action, link)) link.flags = 0;
    }
  }
}
