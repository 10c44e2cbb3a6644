import type { ClusterStatus, Transition } from '../../model/index.ts';
import { schedule } from '../scheduler/index.ts';
import { documentOf } from './document.ts';
import { SAME_PARAMETERS } from './history-entry.ts';
import { readFacts } from './facts.ts';
import { fencesOf, type Fence } from './fences.ts';
import type { PlanInput } from './input.ts';
import { readNodes } from './nodes.ts';
import { transitionOf } from './transition.ts';

interface Planned {
  readonly input: PlanInput;
  readonly transition: Transition;
}

/** The last plan for each status: views ask again and again while nothing changes. */
const known = new WeakMap<ClusterStatus, Planned>();

/**
 * What to do next so that the resources run where they should, and why. Pure and deterministic: the same input gives
 * the same transition, byte for byte. Nothing is left to do where it has no actions.
 */
export function plan(input: PlanInput): Transition {
  const last = known.get(input.status);
  if (last?.input.blueprint === input.blueprint && last.input.config === input.config) return last.transition;
  const facts = readFacts(input);
  const scheduled = schedule({
    document: documentOf(facts),
    // Nothing in the document has a date.
    now: 0,
    utcOffset: 0,
    md5: () => SAME_PARAMETERS,
    withScores: false,
  });
  const transition = transitionOf(facts, scheduled);
  known.set(input.status, { input, transition });
  return transition;
}

/** The fencing that `plan` would order; cheap. */
export const fencingOf = (input: PlanInput): readonly Fence[] => fencesOf(readNodes(input));
