import type { Action } from '../engine/scheduler/actions/action.ts';
import type { Resource } from '../engine/scheduler/unpack/resource.ts';
import type { ExecutedStep } from './execution.ts';

/** Who carries an action out. */
export const kindOf = (action: Action): ExecutedStep['kind'] => {
  if (action.task === 'stonith') return action.isPseudo ? 'pseudo' : 'fencing';
  if (action.task === 'do_shutdown' || action.task === 'clear_failcount' || action.task === 'lrm_delete') {
    return 'cluster';
  }
  return action.isPseudo ? 'pseudo' : 'resource';
};

/** The names that a node is told for a resource: the one to use, and the one it may know it by instead. */
export const namesOf = (resource: Resource): { readonly id: string; readonly longId: string | undefined } => {
  const { historyId } = resource;
  if (resource.isOrphan && historyId !== undefined) return { id: historyId, longId: resource.id };
  if (resource.isUnique) return { id: resource.id, longId: undefined };
  const id = resource.id.replace(/:\d+$/, '');
  return { id, longId: historyId !== undefined && historyId !== id ? historyId : resource.id };
};

/** The key under which the node that carries it out knows an operation. */
export const graphKey = (action: Action): string => {
  const name = action.resource?.historyId;
  if (name === undefined) return action.key;
  if (action.task === 'notify') {
    return `${name}_${action.extra.get('notify_type') ?? ''}_notify_${action.extra.get('notify_operation') ?? ''}_0`;
  }
  return `${name}_${action.cancelTask ?? action.task}_${action.interval}`;
};
