import type { HistoryEntry } from '../../../model/index.ts';
import { mergeSort } from '../merge-sort.ts';
import { equalsIgnoringCase } from '../rules/values.ts';
import { type Operation, readOperation, transitionOf } from './operation.ts';

type Sequence = -1 | 0 | 1;

function wereOnOneNode(left: Operation, right: Operation, otherwise: boolean): boolean {
  const mine = left.entry.fields['on_node'];
  const theirs = right.entry.fields['on_node'];
  return mine === undefined || theirs === undefined ? otherwise : equalsIgnoringCase(mine, theirs);
}

function compareMoments(left: Operation, right: Operation): Sequence {
  const mine = left.lastChange ?? -1;
  const theirs = right.lastChange ?? -1;
  if (mine >= 0 && mine < theirs) return -1;
  return theirs >= 0 && mine > theirs ? 1 : 0;
}

/** One of the two is under way still: which transition ordered it tells how old it is. */
function compareTransitions(left: Operation, right: Operation): Sequence {
  const mine = transitionOf(left.entry);
  const theirs = transitionOf(right.entry);
  if (mine === undefined || theirs === undefined) return 0;
  if (!equalsIgnoringCase(mine.controller, theirs.controller) || mine.id === theirs.id) {
    if (right.callId === -1) return -1;
    return left.callId === -1 ? 1 : 0;
  }
  // -1 is an operation of a shutdown, which is always the last one.
  if ((mine.id >= 0 && mine.id < theirs.id) || theirs.id === -1) return -1;
  return (theirs.id >= 0 && mine.id > theirs.id) || mine.id === -1 ? 1 : 0;
}

/**
 * Which of two operations was later: 1 `left`, -1 `right`, 0 nobody knows. On one node the executor's numbering tells,
 * between nodes the time. `onOneNode` counts where the records do not say on which node they were made.
 */
export function compareAge(left: Operation, right: Operation, onOneNode: boolean): Sequence {
  const sameNode = wereOnOneNode(left, right, onOneNode);
  if (sameNode && left.entry.id === right.entry.id) return 0;
  if (left.callId === -1 && right.callId === -1) return 0;
  if (sameNode && left.callId >= 0 && left.callId < right.callId) return -1;
  if (sameNode && right.callId >= 0 && left.callId > right.callId) return 1;
  if (left.callId >= 0 && right.callId >= 0 && (!sameNode || left.callId === right.callId)) {
    return compareMoments(left, right);
  }
  return compareTransitions(left, right);
}

function compareOnOneNode(left: Operation, right: Operation): Sequence {
  return compareAge(left, right, true);
}

/** Reads a resource's records on one node and brings them into the order of execution. */
export function inSequence(entries: readonly HistoryEntry[]): Operation[] {
  const operations: Operation[] = [];
  for (let position = entries.length - 1; position >= 0; position -= 1) {
    const entry = entries[position];
    if (entry !== undefined) operations.push(readOperation(entry));
  }
  if (operations.length > 1) mergeSort(operations, compareOnOneNode);
  return operations;
}
