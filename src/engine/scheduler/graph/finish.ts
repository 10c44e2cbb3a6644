import type { Action } from '../actions/action.ts';
import type { ActionBuilder } from '../actions/table.ts';
import { createNotifications } from '../notify/create.ts';
import type { Ordered } from '../order/ordered.ts';
import { refreshCloneFlags } from '../order/flags.ts';
import type { Resource } from '../unpack/resource.ts';
import { adoptNodes } from './adopt.ts';
import { belongsAsInput, belongsInGraph, mergeInputs } from './inputs.ts';
import type { Step, Transition } from './transition.ts';

/**
 * The last phase: draws what is required and can be carried out, each action with what it has to wait for. Clones get
 * their notifications now, because only now it is known what is told. Later steps do not depend on the sequence of
 * steps, only on `after`.
 */
export function finish(ordered: Ordered): Transition {
  const { builder } = ordered;
  const steps: Step[] = [];
  for (const resource of ordered.assigned.resources) adoptNodes(builder, resource);
  for (const resource of ordered.assigned.resources) {
    drawResource(builder, resource, steps);
  }
  drawAll(builder, builder.all, steps);
  return { ordered, steps };
}

function drawResource(builder: ActionBuilder, resource: Resource, steps: Step[]): void {
  if (resource.kind === 'clone') {
    refreshCloneFlags(builder, resource);
    createNotifications(builder, resource);
    for (const child of builder.childrenOf(resource)) drawResource(builder, child, steps);
    drawAll(builder, builder.of(resource), steps);
    return;
  }
  drawAll(builder, builder.of(resource), steps);
  for (const child of builder.childrenOf(resource)) drawResource(builder, child, steps);
}

/** Newest first, as Pacemaker's graphs have them: makes the two easy to compare. */
function drawAll(builder: ActionBuilder, actions: readonly Action[], steps: Step[]): void {
  for (let index = actions.length - 1; index >= 0; index -= 1) {
    const action = actions[index];
    if (action !== undefined) draw(builder, action, steps);
  }
}

function draw(builder: ActionBuilder, action: Action, steps: Step[]): void {
  mergeInputs(action);
  if (action.isDrawn || !belongsInGraph(builder, action)) return;
  action.isDrawn = true;
  const after: Action[] = [];
  for (const link of action.before) {
    if (!belongsAsInput(builder, action, link)) continue;
    link.isDrawn = true;
    after.push(link.action);
  }
  steps.push({ action, after, priority: priorityOf(builder, action) });
}

/** The higher one of the resource's and the action's own; below 0 counts as 0. */
function priorityOf(builder: ActionBuilder, action: Action): number {
  const { resource } = action;
  const inherited =
    resource === undefined
      ? 0
      : (builder.assigned.assignments[resource.index]?.priority ?? resource.priority);
  return Math.max(0, inherited, action.priority);
}
