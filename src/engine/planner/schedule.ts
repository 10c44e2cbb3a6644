import type { Transition } from '../../model/index.ts';
import { assign } from './assign.ts';
import type { ScheduleInput } from './input.ts';
import { order } from './order.ts';
import { score } from './score.ts';
import { finish } from './transition.ts';
import { unpack } from './unpack.ts';

/**
 * What to do next so that the resources run where they should, and why. Pure and deterministic: the same input gives
 * the same transition, byte for byte. Nothing is left to do where it has no actions.
 */
export function schedule(input: ScheduleInput): Transition {
  const unpacked = unpack(input);
  const scored = score(unpacked);
  const assigned = assign(unpacked, scored);
  const ordered = order(unpacked, assigned);
  return finish(unpacked, assigned, ordered);
}
