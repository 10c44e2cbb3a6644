import { ROLE, type Resource } from '../unpack/resource.ts';
import { isActive } from './active.ts';
import type { Action } from './action.ts';
import { condemn } from './fence.ts';
import { setReason } from './reason.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/** Makes an action required if that is asked for; what would touch an unmanaged resource is never required. */
export function updateRequired(builder: ActionBuilder, action: Action, isOptional: boolean): void {
  const { resource } = action;
  const isForeign =
    resource !== undefined &&
    action.node !== undefined &&
    !action.isPseudo &&
    action.interval === 0 &&
    !builder.isManaged(resource);
  if (isForeign) action.isOptional = true;
  else if (!isOptional) action.isOptional = false;
}

/**
 * Works out anew whether an action can happen, as things stand: its node must be there, and the quorum policy must
 * allow it.
 *
 * Rule: Pacemaker Explained, "no-quorum-policy". A stop that cannot happen because its node is offline makes that node
 * a case for fencing.
 */
export function updateRunnable(
  builder: ActionBuilder,
  action: Action,
  resource: Resource,
  isSaved: boolean,
): void {
  if (action.isPseudo) return;
  const { node } = action;
  if (node === undefined) {
    action.isRunnable = false;
  } else if (!action.mayRunOnController && !node.isOnline) {
    action.isRunnable = false;
    if (isSaved && action.task === TASK.stop && builder.isManaged(resource)) {
      condemn(builder, node, 'stop is unrunnable');
    }
  } else if (!action.mayRunOnController && node.isPending) {
    action.isRunnable = false;
  } else if (action.needs === 'nothing') {
    setReason(action, undefined, true);
    action.isRunnable = true;
  } else {
    obeyQuorumPolicy(builder, action, resource);
  }
}

function obeyQuorumPolicy(builder: ActionBuilder, action: Action, resource: Resource): void {
  switch (effectivePolicy(builder, resource)) {
    case 'stop':
      action.isRunnable = false;
      setReason(action, 'no quorum', true);
      return;
    case 'freeze':
      if (!isActive(builder, resource, true) || builder.nextRole(resource) > builder.currentRole(resource)) {
        action.isRunnable = false;
        setReason(action, 'quorum freeze', true);
      }
      return;
    default:
      action.isRunnable = true;
  }
}

/** The policy `demote` lets what runs go on unpromoted, and stops the rest. */
function effectivePolicy(builder: ActionBuilder, resource: Resource): string {
  const { settings } = builder.assigned.scored.unpacked;
  if (settings.isQuorate) return 'ignore';
  if (settings.noQuorumPolicy !== 'demote') return settings.noQuorumPolicy;
  const role = builder.currentRole(resource);
  if (role !== ROLE.promoted && role !== ROLE.unpromoted) return 'stop';
  if (builder.nextRole(resource) > ROLE.unpromoted) builder.setNextRole(resource, ROLE.unpromoted);
  return 'ignore';
}
