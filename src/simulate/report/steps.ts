import type { Action } from '../../engine/scheduler/actions/action.ts';
import { reasonOf } from '../../engine/explain/placement-reason.ts';
import { isDoneByFencing, stepText } from '../../engine/explain/placement-step.ts';
import { actionName } from '../../engine/scheduler/graph/name.ts';
import type { Step, Transition } from '../../engine/scheduler/graph/transition.ts';
import { walk } from '../walk.ts';

/** A step as it is told. */
export interface ToldStep {
  /** From 1, in a sequence in which the steps can be taken. */
  readonly number: number;
  readonly action: Action;
  /** As in a graph: `lun1_start_0 san-a`. */
  readonly name: string;
  readonly what: string;
  readonly why: string;
  /** Numbers of the steps that must be over before. */
  readonly after: readonly number[];
}

/** The steps in a sequence in which they can be taken. */
const sequenceOf = (transition: Transition): readonly Step[] => {
  const sequence: Step[] = [];
  const taken = new Set<Step>();
  walk(transition.steps, (step) => {
    sequence.push(step);
    taken.add(step);
    return 'done';
  });
  // What waits for something that never comes stands last.
  sequence.push(...transition.steps.filter((step) => !taken.has(step)));
  return sequence;
};

/** All steps of a transition, with those that only hold others together. */
export const toldSteps = (transition: Transition): readonly ToldStep[] => {
  const sequence = sequenceOf(transition);
  const numbers = new Map(sequence.map(({ action }, index) => [action, index + 1]));
  return sequence.map((step, index) => ({
    number: index + 1,
    action: step.action,
    name: actionName(step.action),
    what: stepText(step.action),
    why: reasonOf(transition, step),
    after: [...new Set(step.after.flatMap((action) => numbers.get(action) ?? []))].sort((a, b) => a - b),
  }));
};

/** Steps that a person wants to read of; what they wait for, at most so many of them, the latest. */
export interface Deed {
  readonly number: number;
  readonly what: string;
  readonly why: string;
  readonly after: readonly number[];
  readonly hasMore: boolean;
}

interface Waiting {
  readonly numbers: readonly number[];
  readonly hasMore: boolean;
}

/** Few numbers are read, many are not. */
const MOST_NUMBERS = 6;

const mostRecent = (found: readonly Waiting[]): Waiting => {
  const numbers = [...new Set(found.flatMap((waiting) => waiting.numbers))].sort((a, b) => a - b);
  return {
    numbers: numbers.slice(-MOST_NUMBERS),
    hasMore: numbers.length > MOST_NUMBERS || found.some(({ hasMore }) => hasMore),
  };
};

/** The steps in which something is done; who waits for one that only holds others together waits for those. */
export const deeds = (transition: Transition): readonly Deed[] => {
  const told: Deed[] = [];
  const waitings = new Map<Action, Waiting>();
  for (const step of sequenceOf(transition)) {
    const { action } = step;
    const waiting = mostRecent(step.after.flatMap((before) => waitings.get(before) ?? []));
    if (action.isPseudo && !isDoneByFencing(action)) {
      waitings.set(action, waiting);
      continue;
    }
    const number = told.length + 1;
    waitings.set(action, { numbers: [number], hasMore: false });
    told.push({
      number,
      what: stepText(action),
      why: reasonOf(transition, step),
      after: waiting.numbers,
      hasMore: waiting.hasMore,
    });
  }
  return told;
};
