import { INFINITY } from '../score/arithmetic.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { addThisWith, addWithThis } from './colocations.ts';
import { draftOf, type AssignDraft } from './draft.ts';
import { logScores } from './log.ts';
import type { Task } from './task.ts';

/** Assigns a group's members one after the other. */
export function* groupTask(draft: AssignDraft, group: Resource, prefer: Node | undefined): Task {
  const own = draftOf(draft, group);
  if (!own.isProvisional || own.isAllocating) return undefined;
  const [first] = own.children;
  if (first === undefined) {
    own.isProvisional = false;
    return undefined;
  }

  own.isAllocating = true;
  own.role = draftOf(draft, first).role;
  handDownColocations(draft, group);
  logScores(draft, group, 'pcmk__group_assign');
  let firstNode: Node | undefined;
  for (const member of own.children) {
    const node = yield { resource: member, prefer };
    firstNode ??= node;
  }
  own.nextRole = draftOf(draft, first).nextRole;
  own.isAllocating = false;
  own.isProvisional = false;
  return group.group?.isColocated === true ? firstNode : undefined;
}

/**
 * What the group follows its first member follows, and so the others; what follows the group follows its last member.
 * A member that is not managed stays where it is, and those behind it cannot rely on it: they follow by themselves.
 */
function handDownColocations(draft: AssignDraft, group: Resource): void {
  const own = draftOf(draft, group);
  let isFirst = true;
  let isAnyUnmanaged = false;
  for (const member of own.children) {
    if (isFirst || isAnyUnmanaged) {
      for (const colocation of own.thisWith) {
        if (isFirst || colocation.score >= INFINITY) addThisWith(draft, member, colocation);
      }
    }
    isFirst = false;
    isAnyUnmanaged ||= !draftOf(draft, member).isManaged;
  }
  own.thisWith.length = 0;

  const last = own.children.at(-1);
  if (last !== undefined) for (const colocation of own.withThis) addWithThis(draft, last, colocation);
  own.withThis.length = 0;
}
