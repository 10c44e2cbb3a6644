import type { Action } from '../../actions/action.ts';
import { parseActionKey } from '../../actions/key.ts';
import { TASK } from '../../actions/task.ts';
import type { Solver } from './solver.ts';

/** Begun by a group or clone as a whole, and over. */
const ENDINGS: Readonly<Record<string, string>> = {
  [TASK.start]: TASK.started,
  [TASK.stop]: TASK.stopped,
  [TASK.promote]: TASK.promoted,
  [TASK.demote]: TASK.demoted,
  [TASK.started]: TASK.started,
  [TASK.stopped]: TASK.stopped,
  [TASK.promoted]: TASK.promoted,
  [TASK.demoted]: TASK.demoted,
};

/**
 * What others have to wait for: not that a group or clone begins something, but that all of it is done; where instances
 * are notified, that they have been told of it.
 */
export function endingOf(solver: Solver, action: Action): Action {
  const { resource } = action;
  if (resource === undefined || resource.kind === 'primitive') return action;
  let ending = solver.endings.get(action);
  if (ending === undefined) {
    ending = findEnding(solver, action) ?? action;
    solver.endings.set(action, ending);
  }
  return ending;
}

function findEnding(solver: Solver, action: Action): Action | undefined {
  const { resource, key } = action;
  if (resource === undefined) return undefined;
  return solver.builder.keyed(resource, endingKey(action) ?? key).at(-1);
}

function endingKey({ resource, key }: Action): string | undefined {
  if (resource === undefined || key.includes('notify')) return undefined;
  const parsed = parseActionKey(key);
  const ending = parsed === undefined || parsed.interval > 0 ? undefined : ENDINGS[parsed.task];
  if (parsed === undefined || ending === undefined) return undefined;
  const isNotified = resource.wantsNotifications && resource.parent === undefined;
  return isNotified ? `${parsed.id}_confirmed-post_notify_${ending}_0` : `${parsed.id}_${ending}_0`;
}
