import type { Node } from '../../unpack/node.ts';
import { ROLE, type Resource, type Role } from '../../unpack/resource.ts';
import { draftOf, type AssignDraft } from '../draft.ts';
import { isAvailable } from '../nodes.ts';
import { anonymousHistory } from './promotion-score.ts';
import { sortForPromotion } from './promotion-order.ts';
import { setPromotionPriority } from './promotion-priority.ts';
import { locationOf, locationsOf, roleOf, topOf } from './state.ts';

/** Counts promoted instances against promoted-max and, on each node, promoted-node-max. */
interface Promotions {
  total: number;
  readonly onNode: Map<Node, number>;
}

/**
 * Decides which of a promotable clone's assigned instances are promoted: the keenest ones, as many as promoted-max and
 * promoted-node-max allow. All others become unpromoted (or stay stopped where they are nowhere).
 */
export function chooseRoles(draft: AssignDraft, clone: Resource): void {
  const own = draftOf(draft, clone);
  const history = anonymousHistory(draft, clone);
  for (const instance of own.children) setPromotionPriority(draft, clone, instance, history);
  sortForPromotion(draft, clone);

  const promotions: Promotions = { total: 0, onNode: new Map() };
  for (const instance of own.children) chooseRole(draft, clone, instance, promotions);
}

function chooseRole(draft: AssignDraft, clone: Resource, instance: Resource, promotions: Promotions): void {
  const own = draftOf(draft, instance);
  own.promotionScore = own.sortIndex;
  if (draft.scored.unpacked.input.withScores) {
    const node = locationOf(draft, instance)?.node;
    draft.scoreLog.push({
      step: 'promotion score',
      resource: instance,
      node,
      score: own.sortIndex,
    });
  }

  const hasRoom = promotions.total < (clone.clone?.promotedMax ?? 1) || !draftOf(draft, clone).isManaged;
  const node = own.sortIndex >= 0 && hasRoom ? nodeToPromoteOn(draft, instance, promotions) : undefined;
  if (node === undefined || (own.role < ROLE.promoted && isFrozen(draft))) {
    leaveUnpromoted(draft, instance);
    return;
  }
  promotions.onNode.set(node, (promotions.onNode.get(node) ?? 0) + 1);
  promotions.total += 1;
  promote(draft, instance);
}

/** Without quorum and with no-quorum-policy=freeze nothing may rise. */
function isFrozen(draft: AssignDraft): boolean {
  const { settings } = draft.scored.unpacked;
  return !settings.isQuorate && settings.noQuorumPolicy === 'freeze';
}

/** Where the instance can be promoted; of a cloned group every member must be able to. */
function nodeToPromoteOn(draft: AssignDraft, resource: Resource, promotions: Promotions): Node | undefined {
  const own = draftOf(draft, resource);
  for (const member of own.children) {
    if (nodeToPromoteOn(draft, member, promotions) === undefined) return undefined;
  }
  const node = locationOf(draft, resource)?.node;
  if (node === undefined) return undefined;
  if (own.isManaged) {
    if (own.priority < 0 || !isAvailable(node)) return undefined;
  } else if (roleOf(draft, resource, 'now') !== ROLE.promoted) {
    return undefined;
  }

  const clone = topOf(resource);
  if (!draftOf(draft, clone).scores.has(node)) return undefined;
  const isNodeFull = (promotions.onNode.get(node) ?? 0) >= (clone.clone?.promotedNodeMax ?? 1);
  return isNodeFull && own.isManaged ? undefined : node;
}

function leaveUnpromoted(draft: AssignDraft, resource: Resource): void {
  if (locationsOf(draft, resource).length === 0) {
    setNextRole(draft, resource, ROLE.stopped, 'stopped instance');
  } else {
    setNextRole(draft, resource, ROLE.unpromoted, 'unpromoted instance');
  }
  for (const child of draftOf(draft, resource).children) leaveUnpromoted(draft, child);
}

function promote(draft: AssignDraft, resource: Resource): void {
  if (draftOf(draft, resource).nextRole === ROLE.unknown) {
    setNextRole(draft, resource, ROLE.promoted, 'promoted instance');
  }
  for (const child of draftOf(draft, resource).children) promote(draft, child);
}

function setNextRole(draft: AssignDraft, resource: Resource, role: Role, reason: string): void {
  const own = draftOf(draft, resource);
  if (own.nextRole === role) return;
  own.nextRole = role;
  own.nextRoleReason = reason;
}
