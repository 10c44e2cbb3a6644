import { INFINITY } from '../rules/values.ts';
import type { Draft, DraftNode, DraftResource } from '../unpack/draft.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE } from '../unpack/resource.ts';
import { noteLocation } from './catalogue.ts';
import type { Reading } from './reading.ts';
import { addHistoryScore, banItselfEverywhere } from './scores.ts';

/** For priority-fencing-delay: what a node carries makes it worth more; a promoted instance one more. */
function addPriority(resource: DraftResource, node: DraftNode): void {
  if (resource.priority === 0) return;
  node.priority += resource.priority + (resource.role === ROLE.promoted ? 1 : 0);
}

/** Where nothing waits for fencing, what runs on lost nodes does not count. */
function runsTwice({ kind, needs, runningOn }: DraftResource): boolean {
  if (kind !== 'primitive' || runningOn.length < 2) return false;
  if (needs.fencing) return true;
  return runningOn.filter((node: Node) => node.isOnline && !node.isUnclean).length > 1;
}

function block(resource: DraftResource): void {
  resource.isManaged = false;
  resource.isBlocked = true;
}

/** What to do about a resource that runs on several nodes ("Pacemaker Explained", multiple-active). */
function recoverFromMultipleActive(draft: Draft, resource: DraftResource): void {
  switch (resource.multipleActive) {
    case 'stop-only':
      banItselfEverywhere(draft, resource);
      return;
    case 'block': {
      block(resource);
      const group = resource.parent;
      if (group?.kind === 'group' && group.multipleActive === 'block') group.children.forEach(block);
      return;
    }
    case 'stop-start':
    case 'stop-unexpected':
      // The assignment and the actions see to these.
      return;
  }
}

/** An unmanaged resource stays where it is, and what it belongs to counts as running there too. */
function keepUnmanaged(resource: DraftResource, node: DraftNode): void {
  addHistoryScore(resource, node, INFINITY);
  if (!node.isOnline) return;
  for (let { parent } = resource; parent !== undefined; { parent } = parent) parent.runningOn.push(node);
}

/**
 * Takes down that `resource` runs on `node`, and so does what it belongs to. `hasFailed`: it does not count for the
 * node's priority.
 */
export function addRunning(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  hasFailed: boolean,
): void {
  let current: DraftResource | undefined = resource;
  for (; current !== undefined && !current.runningOn.includes(node); current = current.parent) {
    current.runningOn.push(node);
    if (current.kind === 'primitive') {
      node.running.push(current);
      if (!hasFailed) addPriority(current, node);
      if (node.isInMaintenance) current.isManaged = false;
      noteLocation(reading.catalogue, current, node);
    }
    if (!current.isManaged) {
      keepUnmanaged(current, node);
      return;
    }
    if (runsTwice(current)) recoverFromMultipleActive(reading.draft, current);
  }
}
