import { INFINITY } from '../score/arithmetic.ts';
import type { Colocation } from '../score/scored.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { banEverywhere } from './ban.ts';
import { placeOnBestNode } from './best-node.ts';
import { addColocatedScores } from './colocated.ts';
import { currentNode } from './current.ts';
import { draftOf, type AssignDraft } from './draft.ts';
import { factorOf, hasInfluence } from './influence.ts';
import { logScores } from './log.ts';
import { isAnyAvailable } from './nodes.ts';
import { placeResource, setNextRole } from './place.ts';
import { applyColocation } from './resource.ts';
import type { Task } from './task.ts';

/** Assigns a primitive: after what it follows, and with regard to what follows it. */
export function* primitiveTask(draft: AssignDraft, resource: Resource, prefer: Node | undefined): Task {
  const own = draftOf(draft, resource);
  const { parent } = resource;
  // A member or an instance is a matter of what it belongs to.
  if (parent !== undefined && !draftOf(draft, parent).isAllocating) yield { resource: parent, prefer };
  if (!own.isProvisional) return own.node;
  if (own.isAllocating) return undefined;

  own.isAllocating = true;
  for (const colocation of own.thisWith.slice()) {
    const before = isRevocable(colocation) ? new Map(own.scores) : undefined;
    yield { resource: colocation.primary, prefer: undefined };
    applyColocation(draft, resource, colocation.primary, colocation);
    if (before !== undefined && !isAnyAvailable(own.scores)) restore(own.scores, before);
  }
  for (const colocation of own.withThis) {
    if (!hasInfluence(colocation, undefined)) continue;
    addColocatedScores(
      draft,
      colocation.dependent,
      own.scores,
      colocation.nodeAttribute,
      factorOf(colocation),
      { isActive: true, isNonnegative: false, isThisWith: false },
    );
  }
  choose(draft, resource, prefer);
  own.isAllocating = false;
  return own.node;
}

/** What is about being promoted only, or not at any cost, must not keep a resource from running at all. */
function isRevocable({ dependentRole, score }: Colocation): boolean {
  return dependentRole >= ROLE.promoted || (score < 0 && score > -INFINITY);
}

function restore(scores: Map<Node, number>, before: ReadonlyMap<Node, number>): void {
  for (const node of scores.keys()) if (!before.has(node)) scores.delete(node);
  for (const [node, score] of before) scores.set(node, score);
}

/** All scores are there. */
function choose(draft: AssignDraft, resource: Resource, prefer: Node | undefined): void {
  const own = draftOf(draft, resource);
  const { settings } = draft.scored.unpacked;
  if (own.nextRole === ROLE.stopped) {
    banEverywhere(draft, resource);
    own.because = 'it is to be stopped';
  } else if (own.nextRole > own.role && !settings.isQuorate && settings.noQuorumPolicy === 'freeze') {
    setNextRole(own, own.role, 'no-quorum-policy=freeze');
  }
  logScores(draft, resource, 'pcmk__primitive_assign');

  if (settings.stonithEnabled && !settings.hasFenceDevice) own.isManaged = false;
  if (!own.isManaged) {
    setNextRole(own, own.role, 'unmanaged');
    const current = currentNode(resource);
    placeResource(draft, resource, current, true);
    own.because = current === undefined ? 'it is unmanaged and does not run' : 'it is unmanaged and stays';
  } else if (settings.stopsAll) {
    placeResource(draft, resource, undefined, true);
    own.because = 'stop-all-resources';
  } else if (own.isProvisional) {
    placeOnBestNode(draft, resource, prefer);
  }
}
