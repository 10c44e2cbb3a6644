import type { Draft, DraftResource } from '../unpack/draft.ts';
import { ROLE, type Role } from '../unpack/resource.ts';
import { disregardTimeoutWhereBlocked } from './blocking.ts';
import { createCatalogue } from './catalogue.ts';
import { reportFeatureSet } from './findings.ts';
import { nodeOf, readNodeState } from './node-state.ts';
import type { Reading } from './reading.ts';
import { recordsOf } from './records.ts';
import { readResourceHistory } from './resource-history.ts';

/**
 * Nodes that are down run nothing. Where there is fencing they may (they have to be fenced, or were shut down cleanly,
 * which their records tell), and shutdown locks are found in the records of nodes that are down.
 */
function readResourceHistories(reading: Reading): void {
  const { draft } = reading;
  const readsAll = draft.settings.stonithEnabled || draft.settings.shutdownLock;
  for (const history of draft.input.document.nodes) {
    const node = nodeOf(draft, history);
    if (node === undefined || node.type === 'remote' || node.isUnpacked) continue;
    if (!readsAll && !node.isOnline) continue;
    node.isUnpacked = true;
    for (const resource of history.resources ?? []) readResourceHistory(reading, node, resource);
  }
}

/** A group or a clone is what the most active part of it is. */
function highestRole(resource: DraftResource): Role {
  if (resource.kind === 'primitive') return resource.role;
  resource.role = ROLE.unknown;
  for (const child of resource.children) {
    const role = highestRole(child);
    if (role > resource.role) resource.role = role;
  }
  return resource.role;
}

function disregardTimeouts(reading: Reading): void {
  for (const resource of reading.draft.all) {
    if (resource.kind !== 'primitive') continue;
    for (const node of reading.draft.nodes) {
      disregardTimeoutWhereBlocked(reading, resource, node, undefined);
    }
  }
}

/**
 * Second half of the first phase: everything that the status section tells. Nodes first (whether they are there, to be
 * fenced, in standby), then what each has done with each resource: where it runs and as what, what failed and what
 * follows from that, what is under way, what is recorded but not defined. Bad records become findings.
 */
export function readStatus(draft: Draft): void {
  reportFeatureSet(draft);
  for (const history of draft.input.document.nodes) readNodeState(draft, history);
  const reading: Reading = {
    draft,
    catalogue: createCatalogue(draft),
    records: recordsOf(draft.input.document),
    stopping: new Set(),
    told: new Set(),
  };
  readResourceHistories(reading);
  for (const resource of draft.resources) highestRole(resource);
  disregardTimeouts(reading);
}
