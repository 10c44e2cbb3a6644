import type { ConstraintDefinition } from '../../../model/index.ts';
import { lower } from '../rules/text.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import { INFINITY } from './arithmetic.ts';
import { roleOf } from './colocation.ts';
import { complain } from './complain.ts';
import type { ScoreDraft } from './draft.ts';
import { prefer } from './prefer.ts';
import { expandTags, resolveSets } from './sets.ts';

/** What becomes of what runs when its ticket is lost. */
type LossPolicy = 'stop' | 'demote' | 'freeze' | 'fence';

interface Ticket {
  /** Of the constraint that asks for it. */
  readonly constraintId: string;
  readonly id: string;
  readonly isGranted: boolean;
  readonly isStandby: boolean;
}

/**
 * Reads one ticket constraint: what needs a ticket that this cluster has not got, or that is on standby, may not run (or
 * may not be promoted) anywhere. ("Pacemaker Explained", multi-site clusters and tickets.)
 */
export function unpackTicket(draft: ScoreDraft, constraint: ConstraintDefinition): void {
  const { rsc, 'rsc-role': role, ticket: id } = constraint.fields;
  if (id === undefined) {
    complain(draft, constraint.id, 'missing_field', 'It names no ticket; it is left out');
    return;
  }
  const state = draft.unpacked.tickets.get(id) ?? { isGranted: false, isStandby: false };
  const ticket: Ticket = { constraintId: constraint.id, id, ...state };

  if (constraint.sets.length > 0) {
    for (const set of expandTags(draft, constraint.id, resolveSets(draft, constraint))) {
      if (set === undefined || !requireAll(draft, constraint, ticket, set.resources, set.fields['role']))
        return;
    }
  } else if (rsc === undefined) {
    complain(draft, constraint.id, 'missing_field', 'It names no resource; it is left out');
  } else {
    const ids = draft.finder.resource(rsc) === undefined ? draft.finder.tagged(rsc) : undefined;
    requireAll(draft, constraint, ticket, ids ?? [rsc], role);
  }
}

/** False from the first resource on that does not exist. */
function requireAll(
  draft: ScoreDraft,
  constraint: ConstraintDefinition,
  ticket: Ticket,
  ids: readonly string[],
  roleText: string | undefined,
): boolean {
  const role = roleOf(roleText);
  const policy = policyOf(draft, constraint, role);
  for (const id of ids) {
    const resource = draft.finder.resource(id);
    if (resource === undefined) {
      complain(draft, constraint.id, 'unknown_reference', `There is no resource '${id}'`);
      return false;
    }
    if (ticket.isGranted && !ticket.isStandby) continue;
    if (role === ROLE.promoted) draft.promotionBans.add(resource.index);
    requireTicket(draft, resource, ticket, role, policy);
  }
  return true;
}

function policyOf(draft: ScoreDraft, constraint: ConstraintDefinition, role: Role): LossPolicy {
  const text = constraint.fields['loss-policy'];
  const word = text === undefined ? undefined : lower(text);
  if (word === 'stop' || word === 'demote' || word === 'freeze') return word;
  if (word === 'fence') {
    if (draft.unpacked.settings.stonithEnabled) return 'fence';
    complain(draft, constraint.id, 'bad_value', "loss-policy is 'fence', but fencing is off; 'stop' counts");
    return 'stop';
  }
  return role === ROLE.promoted ? 'demote' : 'stop';
}

function requireTicket(
  draft: ScoreDraft,
  resource: Resource,
  ticket: Ticket,
  role: Role,
  policy: LossPolicy,
): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) requireTicket(draft, child, ticket, role, policy);
    return;
  }
  if (!ticket.isGranted && resource.runningOn.length > 0) {
    const isMeant = role === ROLE.unknown || role === resource.role;
    switch (policy) {
      case 'freeze':
        if (isMeant) draft.frozen.add(resource.index);
        return;
      case 'fence':
        if (!isMeant) return;
        complain(
          draft,
          ticket.constraintId,
          'bad_value',
          `'${resource.id}' has lost its ticket; it is stopped, because loss-policy 'fence' is not supported`,
        );
        break;
      case 'demote':
        if (role === ROLE.promoted) return;
        break;
      case 'stop':
        break;
    }
  } else if (role === ROLE.promoted && policy !== 'stop') {
    // Without a ticket for being promoted it may run all the same.
    return;
  }
  for (const node of draft.unpacked.nodes) {
    prefer(draft, resource, node, -INFINITY, { kind: 'ticket', source: ticket.id });
  }
}
