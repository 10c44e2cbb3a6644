import { operationParameters, operationSettings } from '../unpack/operation.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Unpacked } from '../unpack/unpacked.ts';
import type { Action } from './action.ts';
import { intervalOfKey, parseActionKey } from './key.ts';
import type { ActionWanted } from './table.ts';
import { TASK } from './task.ts';

const NO_META: ReadonlyMap<string, string> = new Map();

/** A new action with what the definition says of its operation; nothing is known yet of whether it can happen. */
export function createAction(unpacked: Unpacked, wanted: ActionWanted, id: number): Action {
  const { resource, key, task, node } = wanted;
  const interval = resource === undefined ? 0 : intervalOfKey(key);
  const settings =
    resource === undefined
      ? undefined
      : operationSettings(unpacked, resource, task, interval, node, taskOfKey(key, task));
  return {
    id,
    key,
    task,
    interval,
    resource,
    node,
    cancelTask: undefined,
    priority: 0,
    reason: undefined,
    isPseudo: false,
    isRunnable: true,
    isOptional: wanted.isOptional,
    isShownAlways: false,
    isImpliedByFencing: false,
    isMigrateRunnable: false,
    isDangling: false,
    requiresAny: false,
    isRescheduled: false,
    mayRunOnController: task === TASK.forget,
    isDrawn: false,
    isTracked: false,
    isDeduplicated: false,
    needs: needsOf(resource, task),
    onFail: settings?.onFail ?? 'ignore',
    failRole: settings?.failRole ?? 0,
    meta: settings?.meta ?? NO_META,
    extra: new Map(),
    runnableBefore: 0,
    requiredRunnableBefore: 0,
    before: [],
    after: [],
  };
}

/** What must be so before anything may be started or promoted; other operations need nothing. */
function needsOf(resource: Resource | undefined, task: string): Action['needs'] {
  if (resource === undefined || (task !== TASK.start && task !== TASK.promote)) return 'nothing';
  if (resource.needs.fencing) return 'fencing';
  return resource.needs.quorum ? 'quorum' : 'nothing';
}

/** Operations are looked up by key; for a few actions that names another operation than the task. */
function taskOfKey(key: string, task: string): string {
  if (task !== TASK.cancel && task !== TASK.notify && task !== TASK.notified) return task;
  const keyed = parseActionKey(key)?.task ?? task;
  return keyed.includes('_notify_') ? TASK.notify : keyed;
}

/** The parameters that the definition gives to this operation alone, evaluated for a node. */
export function extraParameters(
  unpacked: Pick<Unpacked, 'input' | 'settings' | 'configuration' | 'pairs'>,
  resource: Resource,
  task: string,
  interval: number,
  node: Node,
): ReadonlyMap<string, string> {
  const { definition } = operationSettings(unpacked, resource, task, interval, node);
  return definition === undefined ? NO_META : operationParameters(unpacked, definition, node);
}
