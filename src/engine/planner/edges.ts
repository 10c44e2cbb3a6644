import type { ActionId, ResourceId } from '../../model/index.ts';
import type { Action as ScheduledAction, Step as Scheduled } from '../scheduler/index.ts';
import type { Facts } from './facts.ts';
import { isClaim, isDown, isUp, place, type Step } from './step.ts';

export type Edges = ReadonlyMap<ActionId, ReadonlySet<ActionId>>;

/**
 * What each step waits for, directly: what the scheduler ordered before it, seen through everything that no agent
 * carries out, and what the appliance asks for besides.
 */
export function edgesOf(
  facts: Facts,
  scheduled: readonly Scheduled[],
  wanted: readonly Step[],
  steps: readonly Step[],
  fences: readonly ActionId[],
): Edges {
  const kept = new Set(steps);
  const before = stepsBefore(scheduled, wanted);
  const downs = Map.groupBy(steps.filter(isDown), ({ resource }) => resource);
  const downsOf = (resource: ResourceId): readonly Step[] => downs.get(resource) ?? [];
  const leaners = leanersOf(facts);
  const reloads = new Map(
    steps
      .filter(({ operation }) => operation === 'reload')
      .map((step) => [place(step.resource, step.node), step]),
  );
  const isFoundedAnew = (step: Step): boolean =>
    [...before(step.action)].some((first) => kept.has(first) && isUp(first));
  return new Map(
    steps.map((step): [ActionId, ReadonlySet<ActionId>] => {
      const after = new Set<ActionId>();
      // What needs a step that is held back is held back itself; the rest only prefers to come after it.
      for (const first of before(step.action))
        if (kept.has(first) && (isFoundedAnew(first) || !isLetPass(facts, first, step))) after.add(first.id);
      // S2. An instance of a clone that is not promoted does no harm beside one on a lost node.
      if (isClaim(facts, step)) for (const fence of fences) after.add(fence);
      // S1, S5: down before up.
      if (isClaim(facts, step))
        for (const down of downsOf(step.resource)) if (down.node !== step.node) after.add(down.id);
      // What stands on it goes first, also where its role is not known any more, so that nobody demotes it before.
      if (isDown(step))
        for (const leaner of leaners.get(step.resource) ?? [])
          for (const down of downsOf(leaner)) if (down.node === step.node) after.add(down.id);
      // What is left of the last time is cleared away before its foundation comes up again.
      if (isUp(step))
        for (const leaner of leaners.get(step.resource) ?? [])
          for (const down of downsOf(leaner)) after.add(down.id);
      // Who is let in comes before what is shown to him, and all that before an address that leads to it.
      if (isUp(step) || step.operation === 'reload')
        for (const { first } of facts.orders.get(step.resource) ?? []) {
          const reload = reloads.get(place(first, step.node));
          if (reload !== undefined) after.add(reload.id);
        }
      return [step.id, after];
    }),
  );
}

/** By each resource: what may run only while it does. */
function leanersOf({ orders }: Facts): ReadonlyMap<ResourceId, readonly ResourceId[]> {
  const mandatory = [...orders.values()].flat().filter(({ kind }) => kind === 'mandatory');
  return new Map(
    [...Map.groupBy(mandatory, ({ first }) => first)].map(([first, group]) => [
      first,
      group.map(({ then }) => then),
    ]),
  );
}

/**
 * What has failed before does not hold up what only prefers to come after it, unless all that it stands on comes up anew:
 * its failure is of another time then, and an address that came up before its LUN would tell a host that its disk is gone.
 */
function isLetPass({ orders, seen }: Facts, first: Step, then: Step): boolean {
  if (!isUp(first) || !isUp(then) || seen(first.resource, first.node).failures === undefined) return false;
  const between = (orders.get(then.resource) ?? []).filter((order) => order.first === first.resource);
  return between.length > 0 && between.every(({ kind }) => kind === 'optional');
}

/**
 * The nearest steps before each action. Fencing does not count here: whoever has to wait for it waits for all of it.
 * Without recursion: chains may be long.
 */
function stepsBefore(
  scheduled: readonly Scheduled[],
  steps: readonly Step[],
): (action: ScheduledAction) => ReadonlySet<Step> {
  const inputs = new Map(scheduled.map(({ action, after }) => [action, after]));
  const own = new Map(steps.map((step) => [step.action, step]));
  const known = new Map<ScheduledAction, ReadonlySet<Step>>();
  return (wanted) => {
    const open = [wanted];
    const entered = new Set<ScheduledAction>();
    for (let action = open.at(-1); action !== undefined; action = open.at(-1)) {
      const befores = inputs.get(action) ?? [];
      const missing = befores.filter((input) => !own.has(input) && !known.has(input) && !entered.has(input));
      entered.add(action);
      if (missing.length > 0) {
        open.push(...missing);
        continue;
      }
      open.pop();
      if (!known.has(action)) known.set(action, nearest(befores, own, known));
    }
    return known.get(wanted) ?? new Set();
  };
}

function nearest(
  inputs: readonly ScheduledAction[],
  own: ReadonlyMap<ScheduledAction, Step>,
  known: ReadonlyMap<ScheduledAction, ReadonlySet<Step>>,
): ReadonlySet<Step> {
  const found = new Set<Step>();
  for (const input of inputs) {
    const step = own.get(input);
    if (step !== undefined) found.add(step);
    else for (const further of known.get(input) ?? []) found.add(further);
  }
  return found;
}
