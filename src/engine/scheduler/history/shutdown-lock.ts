import type { ResourceHistory } from '../../../model/index.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { readMoment } from './operation.ts';
import type { Reading } from './reading.ts';

/**
 * A resource that ran on a node which was shut down cleanly stays bound to it, until it comes back or the lock is too
 * old ("Pacemaker Explained", shutdown-lock): then its history there is forgotten.
 */
export function readShutdownLock(
  { draft }: Reading,
  resource: DraftResource,
  node: DraftNode,
  { fields }: ResourceHistory,
): void {
  const since = readMoment(fields['shutdown-lock']) ?? 0;
  if (since === 0) return;
  const limit = Math.trunc(draft.settings.shutdownLockLimit / 1000);
  if (limit > 0 && draft.input.now > since + limit) {
    draft.requested.push({ kind: 'forget', resource, node, isRequired: true });
    return;
  }
  resource.lockNode = node;
  resource.lockTime = since;
}
