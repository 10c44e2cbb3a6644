import type { Action } from '../actions/action.ts';

/**
 * An action's name as `crm_simulate -D` writes it: `drbd_promote_0 node1`, `stonith 'reboot' node2`,
 * `Cancel drbd_monitor_10000 node1`, `drbd-clone_running_0`. Instances go by the name their history has.
 */
export function actionName(action: Action): string {
  const host = action.node?.name ?? (action.isPseudo ? undefined : '<none>');
  const isCancel = action.task === 'cancel';
  const prefix = isCancel ? 'Cancel ' : '';
  const task = isCancel ? (action.cancelTask ?? action.task) : action.task;
  const historyId = action.resource?.historyId;
  if (historyId !== undefined) {
    const key = keyUnder(historyId, action, task);
    return host === undefined ? prefix + key : `${prefix}${key} ${host}`;
  }
  if (action.task === 'stonith') {
    return `stonith '${action.extra.get('stonith_action') ?? ''}' ${host ?? ''}`;
  }
  if (host === undefined) return action.key;
  return `${prefix}${action.resource === undefined ? action.task : action.key} ${host}`;
}

function keyUnder(id: string, action: Action, task: string): string {
  if (action.task === 'notify' || action.task === 'notified') {
    const type = action.extra.get('notify_key_type') ?? '';
    const operation = action.extra.get('notify_key_operation') ?? '';
    return `${id}_${type}_notify_${operation}_0`;
  }
  return `${id}_${task}_${String(action.interval)}`;
}
