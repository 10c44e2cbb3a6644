import { banEverywhere } from '../ban.ts';
import { currentNode } from '../current.ts';
import { draftOf, type AssignDraft } from '../draft.ts';
import { isAvailable } from '../nodes.ts';
import { baseScore } from '../../score/base.ts';
import type { Resource } from '../../unpack/resource.ts';
import { placeInstance, type Distribution } from './place-instance.ts';

/**
 * Gives each of a clone's instances, in their order, a node: first those that can stay where they run, as long as no
 * node gets more than its fair share that way; then the others, wherever is best and less than clone-node-max are.
 * What is beyond clone-max runs nowhere. (Pacemaker 2.1.5, distribution of clone instances.)
 */
export function distribute(draft: AssignDraft, clone: Resource): void {
  const own = draftOf(draft, clone);
  const maximum = clone.clone?.max ?? 0;
  let availableNodes = 0;
  for (const node of own.scores.keys()) if (isAvailable(node)) availableNodes += 1;
  const fairShare = Math.max(1, availableNodes === 0 ? 1 : Math.trunc(maximum / availableNodes));
  const distribution: Distribution = {
    clone,
    nodeMax: clone.clone?.nodeMax ?? 1,
    countsPreferences: maximum < availableNodes,
    counts: new Map(),
  };

  let placed = keepRunning(draft, distribution, own.children, maximum, fairShare);
  for (const instance of own.children) {
    const instanceDraft = draftOf(draft, instance);
    if (!instanceDraft.isProvisional) continue;
    if (placed >= maximum) {
      banEverywhere(draft, instance);
      instanceDraft.because = 'the clone has as many instances as it may have';
    } else if (placeInstance(draft, distribution, instance, undefined) !== undefined) {
      placed += 1;
    }
  }
}

/** Returns how many instances stay. */
function keepRunning(
  draft: AssignDraft,
  distribution: Distribution,
  instances: readonly Resource[],
  maximum: number,
  fairShare: number,
): number {
  let placed = 0;
  const allowed = draftOf(draft, distribution.clone).scores;
  for (const instance of instances) {
    if (placed >= maximum) break;
    if (instance.isFailed || !draftOf(draft, instance).isProvisional) continue;
    const node = currentNode(instance);
    if (node === undefined || !isAvailable(node) || baseScore(node) < 0) continue;
    if (allowed.has(node) && (distribution.counts.get(node) ?? 0) >= fairShare) continue;
    if (placeInstance(draft, distribution, instance, node) !== undefined) placed += 1;
  }
  return placed;
}
