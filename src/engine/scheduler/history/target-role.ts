import { equalsIgnoringCase, parseRole } from '../rules/values.ts';
import { ROLE, type Role } from '../unpack/resource.ts';
import type { Draft, DraftResource } from '../unpack/draft.ts';
import { topOf } from './names.ts';
import { setNextRole } from './role.ts';

function reportTargetRole({ findings }: Draft, resource: DraftResource, message: string): void {
  findings.push({ code: 'bad_value', place: `resource '${resource.id}'`, message });
}

/** What target-role asks for; undefined where it asks for nothing, that is: as much as is possible. */
function targetRole(draft: Draft, resource: DraftResource): Role | undefined {
  const wish = resource.meta.get('target-role');
  if (wish === undefined || equalsIgnoringCase(wish, 'started') || equalsIgnoringCase(wish, 'default')) {
    return undefined;
  }
  const role = parseRole(wish);
  if (role === ROLE.unknown) {
    reportTargetRole(draft, resource, `The target-role '${wish}' is not known; it is left out`);
    return undefined;
  }
  if (role <= ROLE.started) return role;
  if (!topOf(resource).isPromotable) {
    reportTargetRole(
      draft,
      resource,
      `The target-role '${wish}' is for promotable clones only; it is left out`,
    );
    return undefined;
  }
  return role === ROLE.promoted ? undefined : role;
}

/** Failures may ask for less than target-role, never for more. */
export function applyTargetRole(draft: Draft, resource: DraftResource): void {
  const role = targetRole(draft, resource);
  if (role === undefined) return;
  if (resource.nextRole === ROLE.unknown || role < resource.nextRole) {
    setNextRole(resource, role, 'target-role');
  }
}
