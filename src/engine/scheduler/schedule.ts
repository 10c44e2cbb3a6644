import { assign } from './assign/assign.ts';
import { finish } from './graph/finish.ts';
import type { Transition } from './graph/transition.ts';
import type { ScheduleInput } from './input.ts';
import { order } from './order/order.ts';
import { score } from './score/score.ts';
import { unpack } from './unpack/unpack.ts';

/**
 * Decides what is to be done now: the same input always gives the same transition. Never fails: what is wrong with the
 * definition or the history is told in `findings` of the phases, and the rest is scheduled.
 */
export function schedule(input: ScheduleInput): Transition {
  return finish(order(assign(score(unpack(input)))));
}
