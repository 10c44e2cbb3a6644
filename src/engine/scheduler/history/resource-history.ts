import type { HistoryEntry, ResourceHistory } from '../../../model/index.ts';
import { ROLE } from '../unpack/resource.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { applyOperation, type Verdict } from './entry.ts';
import { adoptOrphan, findResource } from './find.ts';
import { isUnderstood } from './findings.ts';
import type { Operation } from './operation.ts';
import type { Course, Reading } from './reading.ts';
import { inSequence } from './sequence.ts';
import { readShutdownLock } from './shutdown-lock.ts';
import { applyState } from './state.ts';
import { applyTargetRole } from './target-role.ts';

/** As Pacemaker marks it: no definition has this digest, so the monitor counts as changed and is ordered again. */
const RENEWED = 'calculated-failure-timeout';

function recorded({ entry }: Operation, verdict: Verdict): HistoryEntry {
  if (verdict === 'counts') return entry;
  return { ...entry, fields: { ...entry.fields, 'op-restart-digest': RENEWED } };
}

function applyOperations(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operations: readonly Operation[],
): { readonly course: Course; readonly entries: readonly HistoryEntry[] } {
  const course: Course = { onFail: 'ignore', lastFailure: undefined };
  const entries: HistoryEntry[] = [];
  for (const operation of operations) {
    if (!isUnderstood(reading.draft, resource, node, operation)) continue;
    entries.push(recorded(operation, applyOperation(reading, resource, node, operation, course)));
  }
  return { course, entries };
}

/** One resource's records on one node: whose they are, what it does there now, what went wrong. */
export function readResourceHistory(reading: Reading, node: DraftNode, history: ResourceHistory): void {
  const { draft } = reading;
  const isLocking = draft.settings.shutdownLock;
  if (history.operations.length === 0 && !isLocking) return;
  const found = findResource(reading, node, history.id);
  if (found === undefined && history.operations.length === 0) return;
  const resource = found ?? adoptOrphan(reading, history);
  if (isLocking) readShutdownLock(reading, resource, node, history);

  const roleElsewhere = resource.role;
  resource.role = ROLE.unknown;
  const { course, entries } = applyOperations(reading, resource, node, inSequence(history.operations));
  draft.histories.push({ resource, node, id: history.id, entries });
  applyState(reading, resource, node, course);
  applyTargetRole(draft, resource);
  if (roleElsewhere > resource.role) resource.role = roleElsewhere;
}
