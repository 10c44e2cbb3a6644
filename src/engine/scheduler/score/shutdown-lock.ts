import { noteChange } from '../rules/evaluation.ts';
import { parseInteger } from '../rules/values.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { INFINITY } from './arithmetic.ts';
import type { ScoreDraft } from './draft.ts';
import { prefer } from './prefer.ts';
import type { ShutdownLock } from './scored.ts';

/**
 * With `shutdown-lock`, what runs on a node that leaves in order waits for it to come back, until `shutdown-lock-limit`
 * is over. Clones and fence devices are not locked. (Pacemaker Explained, cluster options.)
 */
export function applyShutdownLocks(draft: ScoreDraft): void {
  if (!draft.unpacked.settings.shutdownLock) return;
  for (const resource of draft.unpacked.resources) {
    if (resource.kind === 'primitive') applyLock(draft, resource);
    else if (resource.kind === 'group') for (const member of resource.children) applyLock(draft, member);
  }
}

function applyLock(draft: ScoreDraft, resource: Resource): void {
  if (resource.agent === undefined || resource.agent.standard === 'stonith') return;
  const lock = lockOf(draft, resource);
  if (lock === undefined) return;
  draft.locks.set(resource.index, lock);
  const { evaluation, nodes, settings } = draft.unpacked;
  // Milliseconds to seconds; the lock counts until that second is over.
  const limit = Math.floor(settings.shutdownLockLimit / 1000);
  if (limit > 0) noteChange(evaluation, lock.since + limit + 1);
  for (const node of nodes) {
    if (node.name === lock.node.name) continue;
    prefer(draft, resource, node, -INFINITY, { kind: 'shutdown-lock', source: lock.node.name });
  }
}

function lockOf(draft: ScoreDraft, resource: Resource): ShutdownLock | undefined {
  const [node] = resource.runningOn;
  if (resource.lockNode !== undefined) {
    if (node === undefined) return { node: resource.lockNode, since: resource.lockTime };
    // It runs again although it was locked: leave it alone.
    draft.brokenLocks.push({ resource, node: resource.lockNode });
    return undefined;
  }
  if (node === undefined || resource.runningOn.length !== 1) return undefined;
  if (!node.isShuttingDown || node.isUnclean) return undefined;
  return { node, since: shutdownTime(draft, node) };
}

/** Seconds since 1970 at which the node asked to leave. */
function shutdownTime(draft: ScoreDraft, node: Node): number {
  const asked = parseInteger(node.attributes.get('shutdown')) ?? 0;
  return asked === 0 ? draft.unpacked.evaluation.now : asked;
}
