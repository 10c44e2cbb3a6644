import type { Action } from '../actions/action.ts';
import { actionKey } from '../actions/key.ts';
import { currentNode } from '../actions/place.ts';
import type { ActionBuilder } from '../actions/table.ts';
import { settledRole } from '../notify/collect.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';

export type ChangeVerb =
  | 'Start'
  | 'Stop'
  | 'Move'
  | 'Migrate'
  | 'Recover'
  | 'Restart'
  | 'Reload'
  | 'Promote'
  | 'Demote'
  | 'Re-promote';

/** What happens to one resource, in one word. */
export interface Change {
  readonly verb: ChangeVerb;
  readonly origin: Node | undefined;
  readonly destination: Node | undefined;
  readonly role: Role;
  readonly nextRole: Role;
  /** Whether it can be done is told by this action; why it is done by `reasonFrom`, or by the same. */
  readonly action: Action | undefined;
  readonly reasonFrom: Action | undefined;
}

/** The actions that tell what happens to a resource, and where from and to. */
interface Plan {
  readonly origin: Node | undefined;
  readonly destination: Node | undefined;
  readonly role: Role;
  readonly nextRole: Role;
  readonly isMoving: boolean;
  readonly start: Action | undefined;
  readonly stop: Action | undefined;
  readonly promote: Action | undefined;
  readonly demote: Action | undefined;
}

/**
 * What happens to a primitive; nothing for what is left as it is. Several only where it is stopped on several nodes.
 * The words and when they are used are those of Pacemaker's Transition Summary.
 */
export function decideChange(builder: ActionBuilder, resource: Resource): Change[] {
  const origin = currentNode(builder, resource);
  if (!mayChange(builder, resource, origin)) return [];
  const plan = planOf(builder, resource, origin);
  if (plan.role === plan.nextRole) return changeInRole(builder, resource, plan);
  return changeOfRole(builder, resource, plan);
}

/** What nobody manages, and what neither is nor shall be anywhere, stays as it is. */
export function mayChange(builder: ActionBuilder, resource: Resource, origin: Node | undefined): boolean {
  if (!builder.isManaged(resource)) return false;
  return origin !== undefined || (builder.destination(resource) !== undefined && !resource.isOrphan);
}

function planOf(builder: ActionBuilder, resource: Resource, origin: Node | undefined): Plan {
  const destination = builder.destination(resource);
  const start = find(builder, resource, 'start', destination);
  return {
    origin,
    destination,
    role: settledRole(builder, resource),
    nextRole: builder.nextRole(resource),
    isMoving: origin !== undefined && destination !== undefined && origin !== destination,
    start,
    stop:
      find(builder, resource, 'stop', start?.isRunnable === true ? origin : undefined) ??
      (builder.stopUnexpected.has(resource) ? find(builder, resource, 'stop', undefined) : undefined),
    promote: find(builder, resource, 'promote', destination),
    demote: find(builder, resource, 'demote', destination),
  };
}

/** The resource has the role it shall have: it may move, be restarted, be promoted anew, or stop for want of a node. */
function changeInRole(builder: ActionBuilder, resource: Resource, plan: Plan): Change[] {
  const { origin, destination, start, stop, promote, demote } = plan;
  if (destination === undefined) return [];
  const migrate = find(builder, resource, 'migrate_from', destination);
  if (migrate?.isRunnable === true && origin !== undefined) return [change(plan, 'Migrate', start)];
  if (builder.reloading.has(resource)) return [change(plan, 'Reload', start)];
  if (start === undefined || start.isOptional) {
    const isPromotedAnew = demote?.isOptional === false && promote?.isOptional === false;
    return isPromotedAnew ? [change(plan, 'Re-promote', promote, demote)] : [];
  }
  if (!start.isRunnable) {
    const reasonFrom = stop?.reason === undefined ? start : stop;
    return [{ ...change(plan, 'Stop', stop, reasonFrom), destination: undefined }];
  }
  if (plan.isMoving) return [change(plan, resource.isFailed ? 'Recover' : 'Move', stop)];
  if (resource.isFailed) return [{ ...change(plan, 'Recover', stop), destination: undefined }];
  return [change(plan, 'Restart', start)];
}

/** The resource comes to another role. */
function changeOfRole(builder: ActionBuilder, resource: Resource, plan: Plan): Change[] {
  const { role, nextRole, start, stop, promote, demote } = plan;
  if (stop !== undefined && (nextRole === ROLE.stopped || start?.isRunnable === false)) {
    return resource.runningOn.map((node) => {
      const stopThere = find(builder, resource, 'stop', node);
      const reasonFrom = stopThere?.reason === undefined ? start : stopThere;
      return {
        ...change(plan, 'Stop', stopThere, reasonFrom),
        origin: node,
        destination: undefined,
      };
    });
  }
  if (stop !== undefined && resource.isFailed && resource.mustStop) {
    return [change(plan, 'Recover', stop, start)];
  }
  if (plan.isMoving) return [change(plan, 'Move', stop)];
  if (builder.reloading.has(resource)) return [change(plan, 'Reload', start)];
  if (stop?.isOptional === false) return [change(plan, 'Restart', start)];
  if (role === ROLE.promoted) return [change(plan, 'Demote', demote)];
  if (nextRole === ROLE.promoted) return [change(plan, 'Promote', promote)];
  if (role === ROLE.stopped && nextRole > ROLE.stopped) return [change(plan, 'Start', start)];
  return [];
}

function change(plan: Plan, verb: ChangeVerb, action: Action | undefined, reasonFrom?: Action): Change {
  const { origin, destination, role, nextRole } = plan;
  return { verb, origin, destination, role, nextRole, action, reasonFrom };
}

/** The oldest such action; one that belongs to no node yet counts for every node. */
function find(
  builder: ActionBuilder,
  resource: Resource,
  task: string,
  node: Node | undefined,
): Action | undefined {
  return builder
    .keyed(resource, actionKey(resource, task))
    .find((action) => node === undefined || action.node === undefined || action.node === node);
}
