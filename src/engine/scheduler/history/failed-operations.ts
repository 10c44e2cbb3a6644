import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import type { Operation } from './operation.ts';
import type { Reading } from './reading.ts';

/** For people: what went wrong where. Each operation is told once for a node, and nothing of nodes that are away. */
export function noteFailed(
  { draft, told }: Reading,
  resource: DraftResource,
  node: DraftNode,
  { entry }: Operation,
): void {
  if (!node.isOnline) return;
  const mark = `${node.index} ${entry.fields['operation_key']?.toLowerCase() ?? ''}`;
  if (told.has(mark)) return;
  told.add(mark);
  draft.failedOperations.push({ resource, node, entry });
}
