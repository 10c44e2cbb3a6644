import { ROLE, type Role } from '../unpack/resource.ts';
import type { DraftResource } from '../unpack/draft.ts';
import { topOf } from './names.ts';

/** It runs, nobody knows more: of a promotable clone that is the unpromoted role. */
export function setActive(resource: DraftResource): void {
  resource.role = topOf(resource).isPromotable ? ROLE.unpromoted : ROLE.started;
}

export function setNextRole(resource: DraftResource, role: Role, reason: string): void {
  if (resource.nextRole === role) return;
  resource.nextRole = role;
  resource.nextRoleReason = reason;
}
