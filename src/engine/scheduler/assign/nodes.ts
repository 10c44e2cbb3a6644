import type { NodeScores } from '../score/scored.ts';
import { INFINITY } from '../score/arithmetic.ts';
import type { Node } from '../unpack/node.ts';
import { compareCapacities } from './capacity.ts';
import { mergeSort } from '../merge-sort.ts';
import { nodeDraftOf, type AssignDraft } from './draft.ts';

/** Whether a node can run anything: online, not leaving, not to be fenced, neither standby nor in maintenance. */
export function isAvailable(node: Node): boolean {
  return node.isOnline && !node.isShuttingDown && !node.isUnclean && !node.isStandby && !node.isInMaintenance;
}

/** Whether any node that can run resources has a score that is not negative. */
export function isAnyAvailable(scores: NodeScores): boolean {
  for (const [node, score] of scores) if (score >= 0 && isAvailable(node)) return true;
  return false;
}

/**
 * The nodes of a table, best first: by score (what cannot run anything comes last), then by free capacity where the
 * placement strategy is `balanced`, by the number of resources assigned there, whether it is `active`, and by name.
 * With `minimal` only score and name count.
 */
export function sortNodes(draft: AssignDraft, scores: Iterable<[Node, number]>, active?: Node): Node[] {
  const { placementStrategy } = draft.scored.unpacked.settings;
  const effective = new Map<Node, number>();
  for (const [node, score] of scores) effective.set(node, isAvailable(node) ? score : -INFINITY);

  const compare = (left: Node, right: Node): number => {
    const byScore = (effective.get(right) ?? -INFINITY) - (effective.get(left) ?? -INFINITY);
    if (byScore !== 0) return byScore;
    if (placementStrategy !== 'minimal') {
      const mine = nodeDraftOf(draft, left);
      const theirs = nodeDraftOf(draft, right);
      if (placementStrategy === 'balanced') {
        const byCapacity = compareCapacities(mine, theirs);
        if (byCapacity !== 0) return byCapacity;
      }
      if (mine.assigned.size !== theirs.assigned.size) {
        return mine.assigned.size - theirs.assigned.size;
      }
      if (active === left) return -1;
      if (active === right) return 1;
    }
    return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
  };
  const sorted = [...effective.keys()];
  mergeSort(sorted, compare);
  return sorted;
}
