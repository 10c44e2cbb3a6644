import { compareNames } from '../rules/values.ts';
import type { Resource } from '../unpack/resource.ts';
import { draftOf, type AssignDraft } from './draft.ts';

/** Takes down the scores of a resource and of all it consists of; nothing for orphans. */
export function logScores(draft: AssignDraft, resource: Resource, step: string): void {
  if (!draft.scored.unpacked.input.withScores || resource.isOrphan || resource.isOrphanInstance) return;
  const own = draftOf(draft, resource);
  const sorted = [...own.scores].sort(([left], [right]) => compareNames(left.name, right.name));
  for (const [node, score] of sorted) draft.scoreLog.push({ step, resource, node, score });
  for (const child of own.children) logScores(draft, child, step);
}
