import { isTrue } from '../rules/values.ts';
import { planNotification } from '../notify/plan.ts';
import type { Resource } from '../unpack/resource.ts';
import { LINK, type Action } from './action.ts';
import { matchingActions } from './find.ts';
import { instanceNumber } from './instance.ts';
import { actionKey } from './key.ts';
import { pseudoAction } from './make.ts';
import { planPrimitive } from './primitive.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/** What is told about the end of something must get through even if the transition is given up. */
const HIGHEST_PRIORITY = 1_000_000;

/** Plans the actions of a resource and of everything in it. */
export function planResource(builder: ActionBuilder, resource: Resource): void {
  switch (resource.kind) {
    case 'primitive':
      planPrimitive(builder, resource);
      return;
    case 'group':
      planGroup(builder, resource);
      return;
    case 'clone':
      planClone(builder, resource);
  }
}

function planGroup(builder: ActionBuilder, group: Resource): void {
  for (const member of builder.childrenOf(group)) planResource(builder, member);
  for (const task of [TASK.start, TASK.started, TASK.stop, TASK.stopped]) {
    pseudoAction(builder, group, task, true, true);
  }
  if (!isTrue(group.meta.get('promotable'))) return;
  for (const task of [TASK.demote, TASK.demoted, TASK.promote, TASK.promoted]) {
    pseudoAction(builder, group, task, true, true);
  }
}

function planClone(builder: ActionBuilder, clone: Resource): void {
  planStartsAndStops(builder, clone);
  if (clone.clone?.isOrdered === true) orderInstances(builder, clone);
  if (clone.isPromotable) planPromotions(builder, clone);
}

function planStartsAndStops(builder: ActionBuilder, clone: Resource): void {
  const whole: Change = { isActive: false, isStarting: false, isStopping: false };
  let mayDependentsMigrate = true;
  for (const instance of builder.childrenOf(clone)) {
    planResource(builder, instance);
    const change: Change = { isActive: false, isStarting: false, isStopping: false };
    noteChange(builder, instance, change);
    if (change.isStarting && change.isStopping) mayDependentsMigrate = false;
    whole.isActive ||= change.isActive;
    whole.isStarting ||= change.isStarting;
    whole.isStopping ||= change.isStopping;
  }
  const start = pseudoAction(builder, clone, TASK.start, !whole.isStarting, true);
  const started = pseudoAction(builder, clone, TASK.started, !whole.isStarting, false);
  started.priority = HIGHEST_PRIORITY;
  if (whole.isActive || whole.isStarting) started.isRunnable = true;
  planNotification(builder, clone, 'start', start, started);

  const stop = pseudoAction(builder, clone, TASK.stop, !whole.isStopping, true);
  const stopped = pseudoAction(builder, clone, TASK.stopped, !whole.isStopping, true);
  stopped.priority = HIGHEST_PRIORITY;
  if (mayDependentsMigrate) stop.isMigrateRunnable = true;
  planNotification(builder, clone, 'stop', stop, stopped);
}

interface Change {
  isActive: boolean;
  isStarting: boolean;
  isStopping: boolean;
}

function noteChange(builder: ActionBuilder, resource: Resource, change: Change): void {
  if (resource.kind !== 'primitive') {
    for (const child of resource.children) noteChange(builder, child, change);
    return;
  }
  if (resource.runningOn.length > 0) change.isActive = true;
  for (const action of builder.of(resource)) {
    if (action.isOptional || (!action.isPseudo && !action.isRunnable)) continue;
    if (action.task === TASK.stop) change.isStopping = true;
    else if (action.task === TASK.start && action.isRunnable) change.isStarting = true;
  }
}

/** Instances of an ordered clone start one after the other, and stop the other way round. */
function orderInstances(builder: ActionBuilder, clone: Resource): void {
  const instances = [...builder.childrenOf(clone)].sort(
    (left, right) => instanceNumber(left) - instanceNumber(right),
  );
  builder.setChildren(clone, instances);
  let lastStop: Action | undefined;
  let lastStart: Action | undefined;
  for (const instance of instances) {
    const stop = onlyRequired(builder, instance, TASK.stop);
    if (stop !== undefined) {
      if (lastStop !== undefined) builder.link(stop, lastStop, LINK.sequence);
      lastStop = stop;
    }
    const start = onlyRequired(builder, instance, TASK.start);
    if (start !== undefined) {
      if (lastStart !== undefined) builder.link(lastStart, start, LINK.sequence);
      lastStart = start;
    }
  }
}

/** `undefined` also where there are several. */
function onlyRequired(builder: ActionBuilder, resource: Resource, task: string): Action | undefined {
  const required = matchingActions(builder, resource, actionKey(resource, task)).filter(
    (action) => !action.isOptional,
  );
  return required.length === 1 ? required[0] : undefined;
}

function planPromotions(builder: ActionBuilder, clone: Resource): void {
  let isPromoting = false;
  let isDemoting = false;
  const note = (resource: Resource): void => {
    for (const child of resource.children) note(child);
    if (resource.kind !== 'primitive') return;
    for (const action of builder.of(resource)) {
      if (action.isOptional) continue;
      if (action.task === TASK.demote) isDemoting = true;
      else if (action.task === TASK.promote) isPromoting = true;
    }
  };
  for (const instance of builder.childrenOf(clone)) {
    planResource(builder, instance);
    note(instance);
  }
  const promote = pseudoAction(builder, clone, TASK.promote, !isPromoting, true);
  const promoted = pseudoAction(builder, clone, TASK.promoted, !isPromoting, true);
  promoted.priority = HIGHEST_PRIORITY;
  planNotification(builder, clone, 'promote', promote, promoted);

  const demote = pseudoAction(builder, clone, TASK.demote, !isDemoting, true);
  const demoted = pseudoAction(builder, clone, TASK.demoted, !isDemoting, true);
  demoted.priority = HIGHEST_PRIORITY;
  planNotification(builder, clone, 'demote', demote, demoted);
}
