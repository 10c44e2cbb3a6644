import { addColocatedScores } from '../colocated.ts';
import { hasInfluence } from '../colocations.ts';
import { currentNode } from '../current.ts';
import { draftOf, type AssignDraft } from '../draft.ts';
import { isAvailable } from '../nodes.ts';
import { baseScore } from '../../score/base.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { factorOf } from './factor.ts';
import { isAnyFailed } from './state.ts';

/** Negative where `left` is to be assigned (or promoted) before `right`. */
export type InstanceOrder = (left: Resource, right: Resource) => number;

/**
 * The order in which a clone's instances choose their nodes, so that those that can stay where they are come first:
 * less often active; not active on a node that is forbidden; higher priority (or promotion score); active at all;
 * active on a node that can run resources, and that the clone may use; not failed; better colocated where it is; lower
 * number. (Pacemaker 2.1.5, assignment order of instances. Its further criterion, fewer other instances on the node, is
 * always a draw: nothing has been counted yet when instances are sorted.)
 *
 * Valid while nothing is assigned: what an instance's colocations think of its node is worked out once.
 */
export function instanceOrder(draft: AssignDraft): InstanceOrder {
  const colocated = new Map<Resource, number>();
  const colocatedScore = (instance: Resource, node: Node): number => {
    let score = colocated.get(instance);
    if (score === undefined) {
      score = scoreOfColocations(draft, instance, node);
      colocated.set(instance, score);
    }
    return score;
  };

  return (left, right) => {
    const activeLeft = left.runningOn.length;
    const activeRight = right.runningOn.length;
    if (activeLeft > 0 && activeRight > 0 && activeLeft !== activeRight) {
      return activeLeft - activeRight;
    }

    const currentLeft = currentNode(left);
    const currentRight = currentNode(right);
    const isLeftForbidden = currentLeft !== undefined && !isAllowed(draft, left, currentLeft);
    const isRightForbidden = currentRight !== undefined && !isAllowed(draft, right, currentRight);
    if (isLeftForbidden !== isRightForbidden) return isLeftForbidden ? 1 : -1;

    const byPriority = draftOf(draft, right).priority - draftOf(draft, left).priority;
    if (byPriority !== 0) return byPriority;

    const nodeLeft = isLeftForbidden ? undefined : currentLeft;
    const nodeRight = isRightForbidden ? undefined : currentRight;
    if (nodeLeft === undefined && nodeRight === undefined) return 0;
    if (nodeLeft === undefined) return 1;
    if (nodeRight === undefined) return -1;

    const isLeftAvailable = isAvailable(nodeLeft);
    if (isLeftAvailable !== isAvailable(nodeRight)) return isLeftAvailable ? -1 : 1;

    const isLeftInParent = parentHas(draft, left, nodeLeft);
    const isRightInParent = parentHas(draft, right, nodeRight);
    if (!isLeftInParent && !isRightInParent) return 0;
    if (isLeftInParent !== isRightInParent) return isLeftInParent ? -1 : 1;

    const isLeftFailed = isAnyFailed(left);
    if (isLeftFailed !== isAnyFailed(right)) return isLeftFailed ? 1 : -1;

    const byColocation = colocatedScore(right, nodeRight) - colocatedScore(left, nodeLeft);
    if (byColocation !== 0) return byColocation;
    return numberOf(left) - numberOf(right);
  };
}

/** The number of an instance: 3 of `drbd:3`. */
function numberOf(instance: Resource): number {
  return Number.parseInt(instance.id.slice(instance.id.lastIndexOf(':') + 1), 10);
}

function isAllowed(draft: AssignDraft, instance: Resource, node: Node): boolean {
  const score = draftOf(draft, instance).scores.get(node);
  return score !== undefined && score >= 0;
}

function parentHas(draft: AssignDraft, instance: Resource, node: Node): boolean {
  return draftOf(draft, instance.parent ?? instance).scores.has(node);
}

/** What those that the clone is colocated with, either way, think of the node. */
function scoreOfColocations(draft: AssignDraft, instance: Resource, node: Node): number {
  if (instance.parent === undefined) return 0;
  const scores = new Map([[node, baseScore(node)]]);
  const clone = draftOf(draft, instance.parent);
  for (const colocation of clone.thisWith) {
    addColocatedScores(draft, colocation.primary, scores, colocation.nodeAttribute, factorOf(colocation), {
      isActive: false,
      isNonnegative: false,
      isThisWith: false,
    });
  }
  for (const colocation of clone.withThis) {
    if (!hasInfluence(colocation, instance)) continue;
    addColocatedScores(draft, colocation.dependent, scores, colocation.nodeAttribute, factorOf(colocation), {
      isActive: false,
      isNonnegative: true,
      isThisWith: false,
    });
  }
  return scores.get(node) ?? 0;
}
