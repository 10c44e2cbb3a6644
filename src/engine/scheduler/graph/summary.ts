import type { Action } from '../actions/action.ts';
import type { ActionBuilder } from '../actions/table.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import { decideChange, type Change, type ChangeVerb } from './change.ts';
import type { Transition } from './transition.ts';

/** One line of the summary of a transition. */
export type SummaryLine = NodeLine | ResourceLine;

export interface NodeLine {
  readonly kind: 'node';
  /** `Shutdown`, `Fence (reboot)`, `Fence (off)`, ... */
  readonly verb: string;
  readonly node: Node | undefined;
  /** Pacemaker prints lines with a reason only. */
  readonly reason: string | undefined;
  readonly action: Action;
}

export interface ResourceLine {
  readonly kind: 'resource';
  readonly verb: ChangeVerb;
  readonly resource: Resource;
  /** Where it is left, and where it comes to; the same where it stays. */
  readonly origin: Node | undefined;
  readonly destination: Node | undefined;
  readonly role: Role;
  readonly nextRole: Role;
  /** Where and as what, as Pacemaker puts it: `Unpromoted -> Promoted node1`. */
  readonly details: string;
  /** `due to node availability`, `due to no quorum (blocked)`, `blocked` */
  readonly reason: string | undefined;
  /** What the line is about cannot be done. */
  readonly isBlocked: boolean;
  readonly action: Action | undefined;
}

export const roleNames: Readonly<Record<Role, string>> = {
  [ROLE.unknown]: 'Unknown',
  [ROLE.stopped]: 'Stopped',
  [ROLE.started]: 'Started',
  [ROLE.unpromoted]: 'Unpromoted',
  [ROLE.promoted]: 'Promoted',
};

/**
 * What a transition does, a line for each node that is fenced or leaves and for each resource that changes, in the
 * sequence of Pacemaker's "Transition Summary". What stays as it is has no line.
 */
export function summarise(transition: Transition): SummaryLine[] {
  const { builder, assigned } = transition.ordered;
  const lines: SummaryLine[] = [];
  for (const action of builder.all.toReversed()) {
    const line = nodeLine(action);
    if (line !== undefined) lines.push(line);
  }
  for (const resource of assigned.resources) {
    addResource(builder, resource, lines);
  }
  return lines;
}

function nodeLine(action: Action): NodeLine | undefined {
  if (action.resource !== undefined || action.isOptional) return undefined;
  const verb =
    action.task === 'do_shutdown'
      ? 'Shutdown'
      : action.task === 'stonith'
        ? `Fence (${action.extra.get('stonith_action') ?? 'reboot'})`
        : undefined;
  if (verb === undefined) return undefined;
  return { kind: 'node', verb, node: action.node, reason: action.reason, action };
}

function addResource(builder: ActionBuilder, resource: Resource, lines: SummaryLine[]): void {
  const children = builder.childrenOf(resource);
  if (children.length > 0) {
    for (const child of children) addResource(builder, child, lines);
    return;
  }
  if (resource.kind !== 'primitive') return;
  for (const change of decideChange(builder, resource)) {
    lines.push(resourceLine(resource, change));
  }
}

function resourceLine(resource: Resource, change: Change): ResourceLine {
  const { action, reasonFrom } = change;
  const isBlocked = action?.isRunnable === false;
  return {
    kind: 'resource',
    verb: change.verb,
    resource,
    origin: change.origin,
    destination: change.destination,
    role: change.role,
    nextRole: change.nextRole,
    details: detailsOf(change),
    reason: reasonText((reasonFrom ?? action)?.reason, isBlocked),
    isBlocked,
    action,
  };
}

function reasonText(reason: string | undefined, isBlocked: boolean): string | undefined {
  if (reason === undefined) return isBlocked ? 'blocked' : undefined;
  return isBlocked ? `due to ${reason} (blocked)` : `due to ${reason}`;
}

/** Roles are told only of what is, or will be, more than started. */
function detailsOf(change: Change): string {
  const { origin, destination } = change;
  const from = origin?.name ?? '';
  const to = destination?.name ?? '';
  const role = roleNames[change.role];
  const nextRole = roleNames[change.nextRole];
  const tellsRole = change.role > ROLE.started || change.nextRole > ROLE.unpromoted;
  if (origin === undefined) return tellsRole ? `${role} -> ${nextRole} ${to}` : to;
  if (destination === undefined) return tellsRole ? `${role} ${from}` : from;
  const staysOnNode = origin === destination;
  if (change.role === change.nextRole) {
    if (staysOnNode) return tellsRole ? `${role} ${from}` : from;
    return tellsRole ? `${from} -> ${to} ${role}` : `${from} -> ${to}`;
  }
  if (staysOnNode) return `${role} -> ${nextRole} ${from}`;
  return `${role} ${from} -> ${nextRole} ${to}`;
}
