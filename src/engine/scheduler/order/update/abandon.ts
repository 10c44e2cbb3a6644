import { TASK } from '../../actions/task.ts';
import { ROLE, type Resource } from '../../unpack/resource.ts';
import type { Solver } from './solver.ts';
import { setOptional, setRunnable } from './set.ts';

/** The code of a probe that finds a resource stopped, as recurring operations for stopped resources expect it. */
const NOT_RUNNING = '7';

/** An instance that must not be active: it loses its node, is stopped and not started. `true`: it had a node. */
export function abandon(solver: Solver, resource: Resource): boolean {
  let hadNode = false;
  for (const child of solver.builder.childrenOf(resource)) if (abandon(solver, child)) hadNode = true;
  if (resource.kind !== 'primitive') return hadNode;
  const { builder } = solver;
  hadNode = builder.destination(resource) !== undefined;
  builder.abandoned.add(resource);
  builder.setNextRole(resource, ROLE.stopped);
  solver.places.clear();
  for (const action of builder.of(resource)) {
    if (action.task === TASK.stop) setOptional(solver, action, false);
    else if (action.task === TASK.start) setRunnable(solver, action, false);
    else if (action.interval > 0 && action.extra.get('op_target_rc') !== NOT_RUNNING) {
      setRunnable(solver, action, false);
    }
  }
  return hadNode;
}
