import { banOn } from '../ban.ts';
import { addThisWith, addWithThis, hasInfluence } from '../colocations.ts';
import { draftOf, type AssignDraft } from '../draft.ts';
import { isAvailable } from '../nodes.ts';
import { unplace } from '../place.ts';
import { assignResource } from '../resource.ts';
import { INFINITY } from '../../score/arithmetic.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { locationOf } from './state.ts';

/** What is going on while one clone's instances are assigned. */
export interface Distribution {
  readonly clone: Resource;
  /** Instances that a node may have. */
  readonly nodeMax: number;
  /** Not every node gets an instance, so that what colocated resources merely prefer matters too. */
  readonly countsPreferences: boolean;
  /** Instances assigned so far, by node. */
  readonly counts: Map<Node, number>;
}

/**
 * Assigns one instance. With `prefer` only there: where another node turns out to be better, nothing is assigned.
 * Returns where it will be.
 */
export function placeInstance(
  draft: AssignDraft,
  distribution: Distribution,
  instance: Resource,
  prefer: Node | undefined,
): Node | undefined {
  const own = draftOf(draft, instance);
  if (!own.isProvisional) return locationOf(draft, instance)?.node;
  if (own.isAllocating) return undefined;

  takeOverColocations(draft, distribution, instance);
  if (prefer !== undefined) {
    const score = own.scores.get(prefer);
    if (score === undefined || score < 0) return undefined;
  }
  banFullNodes(draft, distribution, instance);

  const before = new Map(own.scores);
  const chosen = assignResource(draft, instance, prefer);
  if (chosen === undefined) return undefined;
  if (prefer !== undefined && chosen !== prefer) {
    own.scores.clear();
    for (const [node, score] of before) own.scores.set(node, score);
    unplace(draft, instance);
    return undefined;
  }
  if (draftOf(draft, distribution.clone).scores.has(chosen)) {
    distribution.counts.set(chosen, (distribution.counts.get(chosen) ?? 0) + 1);
  }
  return chosen;
}

/**
 * The clone's colocations become the instance's: all of them, or only those that bind. Done at every try, so that an
 * instance that could not stay counts its optional colocations twice, as Pacemaker's does.
 */
function takeOverColocations(draft: AssignDraft, distribution: Distribution, instance: Resource): void {
  const clone = draftOf(draft, distribution.clone);
  for (const colocation of clone.thisWith) {
    if (distribution.countsPreferences || colocation.score < 0 || colocation.score === INFINITY) {
      addThisWith(draft, instance, colocation);
    }
  }
  for (const colocation of clone.withThis) {
    if (!hasInfluence(colocation, instance)) continue;
    if (distribution.countsPreferences || colocation.score < 0) {
      addWithThis(draft, instance, colocation);
    }
  }
}

function banFullNodes(draft: AssignDraft, distribution: Distribution, instance: Resource): void {
  const allowed = draftOf(draft, distribution.clone).scores;
  for (const node of draftOf(draft, instance).scores.keys()) {
    const score = allowed.get(node);
    const mayRun =
      isAvailable(node) &&
      !instance.isOrphan &&
      !instance.isOrphanInstance &&
      score !== undefined &&
      score >= 0 &&
      (distribution.counts.get(node) ?? 0) < distribution.nodeMax;
    if (!mayRun) banOn(draft, instance, node);
  }
}
