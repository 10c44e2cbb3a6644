import type { HistoryEntry } from '../../../model/index.ts';
import { activeRange } from '../history/active.ts';
import type { RequestedAction } from '../unpack/requested.ts';
import type { SortedHistory } from '../unpack/unpacked.ts';
import { fenceAction } from './fence.ts';
import { actionKey } from './key.ts';
import { clearFailures, forgetHistory, resourceAction, stopAction, demoteAction } from './make.ts';
import { matchingActions } from './find.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

/** A lost node's fencing may be delayed; that of one which misbehaves within the cluster may not. */
const LOST = 'peer is no longer part of the cluster';

/**
 * The actions that follow from the history alone: fencing of unclean nodes, stops and demotions after failures,
 * forgetting failures that are over. Recurring operations that run are entered as not required.
 */
export function planFromHistory(builder: ActionBuilder): void {
  const { unpacked } = builder.assigned.scored;
  for (const node of unpacked.condemned) {
    const reason = node.uncleanReasons[0];
    if (reason !== undefined) fenceAction(builder, node, undefined, true, reason, reason === LOST);
  }
  for (const history of unpacked.histories) planRecurring(builder, history);
  for (const requested of unpacked.requested) planRequested(builder, requested);
  for (const { resource, node } of unpacked.failureClearings) clearFailures(builder, resource, node);
  for (const { resource, node } of builder.assigned.scored.brokenLocks) {
    forgetHistory(builder, resource, node);
  }
}

/** What was asked for while the histories were read, required as it was then, whatever was read later. */
function planRequested(builder: ActionBuilder, requested: RequestedAction): void {
  const { kind, resource, node } = requested;
  switch (kind) {
    case 'stop':
      stopAction(builder, resource, node, false).isOptional = !requested.isRequired;
      return;
    case 'demote':
      demoteAction(builder, resource, node, false).isOptional = !requested.isRequired;
      return;
    case 'stop-not-needed':
      for (const stop of matchingActions(builder, resource, actionKey(resource, TASK.stop), node)) {
        stop.isOptional = true;
      }
      return;
    case 'forget':
      forgetHistory(builder, resource, node);
  }
}

function planRecurring(builder: ActionBuilder, history: SortedHistory): void {
  const { resource, node, entries } = history;
  if (!node.isOnline) return;
  const { start, stop } = activeRange(entries);
  for (const [index, entry] of entries.entries()) {
    if (index < start || (start < stop && index <= stop)) continue;
    const interval = intervalOf(entry);
    if (interval === 0 || entry.fields['op-status'] === '-1') continue;
    resourceAction(builder, resource, entry.operation, node, true, interval);
  }
}

/** Milliseconds between two runs of a recorded operation; 0: it does not recur. */
export function intervalOf(entry: HistoryEntry): number {
  return Number(entry.fields['interval'] ?? 0) || 0;
}
