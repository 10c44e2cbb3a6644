import { addScores, INFINITY } from '../score/arithmetic.ts';
import type { Colocation } from '../score/scored.ts';
import { equalsIgnoringCase } from '../rules/text.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { affects } from './affects.ts';
import { draftOf, type AssignDraft } from './draft.ts';
import { isAnyAvailable } from './nodes.ts';

/** What a colocation with an assigned primitive means for another one. */
export function followPrimitive(
  draft: AssignDraft,
  dependent: Resource,
  primary: Resource,
  colocation: Colocation,
): void {
  switch (affects(draft, dependent, primary, colocation, false)) {
    case 'role':
      wishForRole(draft, dependent, primary, colocation);
      break;
    case 'location':
      followTo(draft, dependent, primary, colocation);
      break;
    case 'nothing':
      break;
  }
}

/**
 * Nodes in the primary's place get the score; with an infinite one all others are forbidden. Where the primary runs
 * nowhere, its dependents lose the score everywhere. An optional colocation that would leave no node is not obeyed.
 */
function followTo(
  draft: AssignDraft,
  dependent: Resource,
  primary: Resource,
  { id, nodeAttribute, score }: Colocation,
): void {
  const place = draftOf(draft, primary).node;
  if (place === undefined && score < 0) return;
  const own = draftOf(draft, dependent);
  const changed = new Map<Node, number>();
  for (const [node, known] of own.scores) {
    if (place === undefined) changed.set(node, addScores(-score, known));
    else if (isSamePlace(node, place, nodeAttribute)) {
      changed.set(node, score < INFINITY ? addScores(score, known) : known);
    } else changed.set(node, score >= INFINITY ? addScores(-score, known) : known);
  }
  if (Math.abs(score) < INFINITY && !isAnyAvailable(changed)) return;
  for (const [node, after] of changed) {
    const before = own.scores.get(node) ?? 0;
    if (before === after) continue;
    own.scores.set(node, after);
    own.contributions.push({ kind: 'colocation', source: id, node, score: after - before });
  }
}

/** The dependent is an instance whose role is being chosen. */
function wishForRole(
  draft: AssignDraft,
  dependent: Resource,
  primary: Resource,
  { dependentRole, nodeAttribute, primaryRole, score }: Colocation,
): void {
  const own = draftOf(draft, dependent);
  const leader = draftOf(draft, primary);
  if (own.node === undefined || leader.node === undefined) return;
  if (!isSamePlace(own.node, leader.node, nodeAttribute)) {
    if (score >= INFINITY && dependentRole === ROLE.promoted) own.priority = -INFINITY;
    return;
  }
  if (primaryRole !== ROLE.unknown && primaryRole !== leader.nextRole) return;
  own.priority = addScores(dependentRole === ROLE.unpromoted ? -score : score, own.priority);
}

function isSamePlace(left: Node, right: Node, attribute: string): boolean {
  if (attribute === '#uname') return left === right;
  return equalsIgnoringCase(left.attributes.get(attribute), right.attributes.get(attribute));
}
