import type { Action, ActionId, Transition } from '../../model/index.ts';
import type { Transition as Scheduled } from '../scheduler/index.ts';
import { operationAction } from './action.ts';
import { blockedOf } from './blocked.ts';
import { orderDeeds } from './deeds.ts';
import { edgesOf } from './edges.ts';
import type { Facts } from './facts.ts';
import { asSentence, fencesOf } from './fences.ts';
import { heldBack } from './holds.ts';
import { placementsOf } from './placement.ts';
import { policyOf } from './policy.ts';
import { reasonFor, type Grounds } from './reasons.ts';
import { stackingOf } from './stacking.ts';
import { isChanging, place, SEQUENCE, stepsOf, type Step } from './step.ts';

/** What the scheduler decided, but for what must wait: the graph of actions, with reasons in plain words. */
export function transitionOf(facts: Facts, scheduled: Scheduled): Transition {
  const stacking = stackingOf(facts);
  const wanted = stepsOf(facts, scheduled.steps);
  const placements = placementsOf(scheduled);
  const held = heldBack(facts, stacking, placements, wanted);
  const steps = inOrder(
    facts,
    wanted.filter((step) => !held.has(step)),
  );
  // What is held back is wanted none the less: nothing counts on things staying as they are.
  const changing = new Set(wanted.filter(isChanging).map(({ resource, node }) => place(resource, node)));
  const grounds: Grounds = {
    facts,
    stacking,
    placements,
    isChanging: (resource, node) => changing.has(place(resource, node)),
  };
  const fences = fencesOf(facts);
  const deeds = orderDeeds(facts, grounds.isChanging);
  const fenceIds = fences.map(({ id }) => id);
  const edges = edgesOf(facts, scheduled.steps, wanted, steps, fenceIds);
  return {
    actions: [...fences, ...steps.map((step) => actionOf(grounds, step)), ...deeds.actions],
    after: Object.fromEntries<readonly ActionId[]>([
      ...fenceIds.map((id) => [id, []] as const),
      ...steps.map(({ id }) => [id, [...(edges.get(id) ?? [])].sort()] as const),
      ...deeds.actions.map(({ id }) => [id, fenceIds] as const),
    ]),
    blocked: blockedOf(grounds, steps, deeds.blocked),
  };
}

function actionOf(grounds: Grounds, step: Step): Action {
  const reason = asSentence(reasonFor(grounds, step));
  const { startDelay } = policyOf(grounds.facts.input.config, step.resource);
  const delay = step.operation === 'start' ? startDelay : undefined;
  return operationAction(step.primitive, step.operation, step.node, reason, undefined, delay);
}

/** What others stand on first; on a node one step after the other. For people, and the same every time. */
function inOrder({ definitions, usable }: Facts, steps: readonly Step[]): readonly Step[] {
  const rank = new Map(definitions.map(({ id }, index) => [id, index]));
  const rankOf = ({ resource }: Step): number => rank.get(resource) ?? definitions.length;
  return steps.toSorted(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      usable.indexOf(a.node) - usable.indexOf(b.node) ||
      SEQUENCE.indexOf(a.operation) - SEQUENCE.indexOf(b.operation),
  );
}
