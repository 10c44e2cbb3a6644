import type { Action } from './action.ts';
import { TASK } from './task.ts';

/** The exit code that a recurring operation expects where the resource is stopped. */
const NOT_RUNNING = '7';

/** What was planned before for a resource that was found to run nowhere: it is stopped, and nothing else happens. */
export function settleUnplaced(actions: readonly Action[]): void {
  for (const action of actions) {
    if (action.task === TASK.stop) action.isOptional = false;
    else if (action.task === TASK.start) action.isRunnable = false;
    else if (action.interval > 0 && action.extra.get('op_target_rc') !== NOT_RUNNING) {
      action.isRunnable = false;
    }
  }
}
