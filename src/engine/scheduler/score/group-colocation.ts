import { ROLE, type Resource } from '../unpack/resource.ts';
import { INFINITY } from './arithmetic.ts';
import { addColocation } from './colocation.ts';
import type { ScoreDraft } from './draft.ts';

/** Each member of a group goes where the one before it is, unless the group need not stay together. */
export function colocateMembers(draft: ScoreDraft, resource: Resource): void {
  if (resource.kind === 'clone') {
    for (const instance of resource.children) colocateMembers(draft, instance);
    return;
  }
  if (resource.group?.isColocated !== true) return;
  let last: Resource | undefined;
  for (const member of resource.children) {
    if (last !== undefined) {
      addColocation(draft, {
        id: 'group:internal_colocation',
        dependent: member,
        primary: last,
        score: INFINITY,
        dependentRole: ROLE.unknown,
        primaryRole: ROLE.unknown,
        nodeAttribute: '#uname',
        influence: member.isCritical,
      });
    }
    last = member;
  }
}
