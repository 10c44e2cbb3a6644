import type { Colocation } from '../score/scored.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { draftOf, type AssignDraft } from './draft.ts';

/**
 * What a colocation is good for at this point: for the dependent's node as long as it has none, for its role when it is
 * an instance of a promotable clone and has one, for nothing else. A colocation that is limited to roles counts if they
 * are what is wanted; an anti-colocation, if they are not. `isPreview`: as if the primary were assigned.
 */
export function affects(
  draft: AssignDraft,
  dependent: Resource,
  primary: Resource,
  colocation: Colocation,
  isPreview: boolean,
): 'nothing' | 'role' | 'location' {
  const follower = draftOf(draft, dependent);
  const leader = draftOf(draft, primary);
  const { dependentRole, primaryRole, score } = colocation;
  if (!isPreview && leader.isProvisional) return 'nothing';
  if (
    dependentRole >= ROLE.unpromoted &&
    dependent.parent?.isPromotable === true &&
    !follower.isProvisional
  ) {
    return 'role';
  }
  if (!isPreview && !follower.isProvisional) return 'nothing';

  const isDependentLimited = dependentRole !== ROLE.unknown;
  const isPrimaryLimited = primaryRole !== ROLE.unknown;
  if (score > 0) {
    if (isDependentLimited && dependentRole !== follower.nextRole) return 'nothing';
    if (isPrimaryLimited && primaryRole !== leader.nextRole) return 'nothing';
  } else {
    if (isDependentLimited && dependentRole === follower.nextRole) return 'nothing';
    if (isPrimaryLimited && primaryRole === leader.nextRole) return 'nothing';
  }
  return 'location';
}
