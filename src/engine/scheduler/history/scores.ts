import { addScores, INFINITY } from '../rules/values.ts';
import type { Draft, DraftResource } from '../unpack/draft.ts';
import type { Node } from '../unpack/node.ts';

/** For the resource alone, not for what it consists of. */
export function addOwnHistoryScore(resource: DraftResource, node: Node, score: number): void {
  resource.historyScores.set(node, addScores(resource.historyScores.get(node) ?? 0, score));
}

/** For the resource and all its members and instances. */
export function addHistoryScore(resource: DraftResource, node: Node, score: number): void {
  const open = [resource];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    addOwnHistoryScore(current, node, score);
    for (const child of current.children) open.push(child);
  }
}

export function addHistoryScoreEverywhere(draft: Draft, resource: DraftResource, score: number): void {
  for (const node of draft.nodes) addHistoryScore(resource, node, score);
}

/** Whatever happens, it does not come up again; what it consists of is not asked. */
export function banItselfEverywhere(draft: Draft, resource: DraftResource): void {
  for (const node of draft.nodes) addOwnHistoryScore(resource, node, -INFINITY);
}
