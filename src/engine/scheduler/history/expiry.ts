import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { compareDigest } from '../actions/digest.ts';
import { countFailures } from './blocking.ts';
import { EXIT, type Operation, isLastFailure } from './operation.ts';
import type { Reading } from './reading.ts';
import { noteMoment } from './recheck.ts';

/** Probes with these results tell the state; it does not grow old. */
const STATES: ReadonlySet<number> = new Set<number>([
  EXIT.ok,
  EXIT.notRunning,
  EXIT.promoted,
  EXIT.degraded,
  EXIT.degradedPromoted,
]);

interface Age {
  readonly isOld: boolean;
  readonly isCountOld: boolean;
}

/** Whether the record is older than failure-timeout, and with it all that is counted. Asks for a look when it will be. */
function ageOf(reading: Reading, resource: DraftResource, node: DraftNode, operation: Operation): Age {
  const { draft } = reading;
  const { now } = draft.input;
  if (resource.failureTimeout <= 0 || operation.lastChange === undefined) {
    return { isOld: false, isCountOld: false };
  }
  const isOld = now >= operation.lastChange + resource.failureTimeout;
  const { count, last } = countFailures(reading, resource, node, true, operation);
  if (count !== 0) noteMoment(draft, last + resource.failureTimeout + 1);
  return { isOld, isCountOld: count === 0 };
}

/** The definition is another one than that which failed (with which nothing could be compared: it is the same). */
function wasRedefined(
  { draft }: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
): boolean {
  if (operation.task !== 'start' && operation.task !== 'monitor') return false;
  const { outcome } = compareDigest(draft, resource, node, operation.entry);
  return outcome === 'all' || outcome === 'restart';
}

/**
 * Whether a record is to be left out because of its age ("Pacemaker Explained", failure-timeout). By the way: a fail
 * count that is as old is to be cleared, and that of a resource whose definition has changed since its failure too.
 */
export function isExpired(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
): boolean {
  const { failureClearings } = reading.draft;
  const { isOld, isCountOld } = ageOf(reading, resource, node, operation);
  let expired = isOld;
  if (isOld && countFailures(reading, resource, node, false, operation).count !== 0) {
    if (isCountOld) failureClearings.push({ resource, node, reason: 'it expired' });
    else expired = false;
  }
  if (!expired && isLastFailure(operation) && wasRedefined(reading, resource, node, operation)) {
    failureClearings.push({ resource, node, reason: 'resource parameters have changed' });
  }
  return expired && !(operation.isProbe && STATES.has(operation.exit));
}
