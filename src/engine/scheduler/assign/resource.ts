import { INFINITY } from '../score/arithmetic.ts';
import type { Colocation } from '../score/scored.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { assignClone } from './clone/assign.ts';
import { applyColocationWithClone } from './clone/colocate.ts';
import { draftOf, type AssignDraft } from './draft.ts';
import { followPrimitive } from './follow.ts';
import { groupTask } from './group.ts';
import { primitiveTask } from './primitive.ts';
import type { Task } from './task.ts';

/**
 * Assigns a resource and whatever must be assigned before it. `prefer`: that node, where it is as good as the best one.
 * Returns where it is; of a group that stays together where the first assigned member is; of a clone nothing.
 *
 * Tasks say whom they need assigned first, instead of calling: colocations may form chains of thousands.
 */
export function assignResource(
  draft: AssignDraft,
  resource: Resource,
  prefer: Node | undefined,
): Node | undefined {
  const tasks: Task[] = [];
  let result = begin(draft, tasks, resource, prefer);
  for (let task = tasks.at(-1); task !== undefined; task = tasks.at(-1)) {
    const step = task.next(result);
    if (step.done === true) {
      tasks.pop();
      result = step.value;
    } else {
      result = begin(draft, tasks, step.value.resource, step.value.prefer);
    }
  }
  return result;
}

function begin(
  draft: AssignDraft,
  tasks: Task[],
  resource: Resource,
  prefer: Node | undefined,
): Node | undefined {
  switch (resource.kind) {
    case 'primitive':
      tasks.push(primitiveTask(draft, resource, prefer));
      break;
    case 'group':
      tasks.push(groupTask(draft, resource, prefer));
      break;
    case 'clone':
      assignClone(draft, resource, prefer);
      break;
  }
  return undefined;
}

/** Makes a dependent follow a primary that was assigned: its node scores, or its wish to be promoted. */
export function applyColocation(
  draft: AssignDraft,
  dependent: Resource,
  primary: Resource,
  colocation: Colocation,
): void {
  if (dependent.kind === 'group') {
    for (const member of membersThatCount(draft, dependent, colocation, 'first')) {
      applyColocation(draft, member, primary, colocation);
    }
    return;
  }
  switch (primary.kind) {
    case 'primitive':
      followPrimitive(draft, dependent, primary, colocation);
      break;
    case 'group': {
      if (draftOf(draft, primary).isProvisional) break;
      // All of the group must be there for what needs it; for what merely prefers it some of it is enough.
      const end = colocation.score >= INFINITY ? 'last' : 'first';
      for (const member of membersThatCount(draft, primary, colocation, end)) {
        applyColocation(draft, dependent, member, colocation);
      }
      break;
    }
    case 'clone':
      applyColocationWithClone(draft, dependent, primary, colocation);
      break;
  }
}

/** One member speaks for a group that stays together. One that does not cannot be colocated at any cost. */
function membersThatCount(
  draft: AssignDraft,
  group: Resource,
  colocation: Colocation,
  end: 'first' | 'last',
): readonly Resource[] {
  const { children } = draftOf(draft, group);
  if (group.group?.isColocated === true) return end === 'first' ? children.slice(0, 1) : children.slice(-1);
  return colocation.score >= INFINITY ? [] : children;
}
