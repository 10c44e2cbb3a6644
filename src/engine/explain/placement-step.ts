import type { Action } from '../scheduler/actions/action.ts';

/** What a step does, for people: `start lun1 on san-a`, `look whether vg runs on san-b`. Pseudo steps in brackets. */
export const stepText = (action: Action): string => {
  if (isDoneByFencing(action))
    return `${action.resource?.id ?? ''} is ${DONE[action.task] ?? 'ended'} by the fencing of ${action.node?.name ?? 'its node'}`;
  const text = deedOf(action);
  return action.isPseudo ? `(${text})` : text;
};

const DONE: Readonly<Record<string, string>> = { stop: 'stopped', demote: 'demoted' };

/** Nothing is left to do for what ran on a fenced node. */
export const isDoneByFencing = ({ isPseudo, resource, node, task }: Action): boolean =>
  isPseudo && resource?.kind === 'primitive' && node !== undefined && Object.hasOwn(DONE, task);

const seconds = (milliseconds: number): string =>
  milliseconds % 1000 === 0 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;

const deedOf = (action: Action): string => {
  const { task, resource, interval } = action;
  const where = action.node === undefined ? '' : ` on ${action.node.name}`;
  const node = action.node?.name ?? 'a node';
  const name = resource?.id ?? '';
  switch (task) {
    case 'start':
    case 'stop':
    case 'promote':
    case 'demote':
      return action.isPseudo ? `begin to ${task} ${name}` : `${task} ${name}${where}`;
    case 'running':
      return `${name} is started`;
    case 'stopped':
      return `${name} is stopped`;
    case 'promoted':
      return `${name} is promoted`;
    case 'demoted':
      return `${name} is demoted`;
    case 'monitor':
      return interval === 0
        ? `look whether ${name} runs${where}`
        : `watch ${name}${where} every ${seconds(interval)}${watchedRole(action)}`;
    case 'cancel':
      return `no longer ${action.cancelTask === 'monitor' ? 'watch' : (action.cancelTask ?? 'run')} ${name}${where} every ${seconds(interval)}`;
    case 'migrate_to':
      return `send ${name} away from ${node}, running`;
    case 'migrate_from':
      return `take ${name} over${where}, running`;
    case 'reload':
    case 'reload-agent':
      return `have ${name}${where} read its parameters again`;
    case 'notify':
    case 'notified':
      return notification(action, where);
    case 'stonith':
      return fencing(action, node);
    case 'do_shutdown':
      return `let ${node} leave`;
    case 'clear_failcount':
      return `forget the failures of ${name}${where}`;
    case 'delete':
    case 'lrm_delete':
      return `forget what ${node} knows of ${name}`;
    default:
      return task.startsWith('load_stopped_')
        ? `room is made on ${task.slice('load_stopped_'.length)}`
        : `${task}${name === '' ? '' : ` ${name}`}${where}`;
  }
};

/** The exit code 8 stands for a promoted resource that is well. */
const watchedRole = (action: Action): string =>
  action.extra.get('op_target_rc') === '8' ? ', as promoted' : '';

const notification = (action: Action, where: string): string => {
  const type = action.extra.get('notify_key_type') ?? action.extra.get('notify_type') ?? '';
  const operation = action.extra.get('notify_key_operation') ?? action.extra.get('notify_operation') ?? '';
  const name = action.resource?.id ?? '';
  const moment = type.includes('pre') ? `what is about to ${operation}` : `what has been done (${operation})`;
  return action.isPseudo ? `the instances of ${name} are told ${moment}` : `tell ${name}${where} ${moment}`;
};

const fencing = (action: Action, node: string): string => {
  const operation = action.extra.get('stonith_action') ?? 'reboot';
  if (action.isPseudo) return `the fencing of ${node} is over`;
  if (operation === 'on') return `unfence ${node}`;
  return operation === 'reboot' ? `fence ${node} (reboot it)` : `fence ${node} (switch it ${operation})`;
};
