import type { OperationDefinition } from '../../../model/index.ts';
import { equalsIgnoringCase, parseInterval } from '../rules/values.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { type FailCount, recordedFailures } from './fail-counts.ts';
import { withoutInstance } from './names.ts';
import { type Operation, readOperation } from './operation.ts';
import type { Reading } from './reading.ts';

function blockingOperations({ operations }: DraftResource): readonly OperationDefinition[] {
  return operations.filter(({ fields }) => fields['on-fail'] === 'block');
}

/** The record is a failure of just this operation. */
function isFailureOf(name: string, { fields }: OperationDefinition, operation: Operation): boolean {
  const interval = parseInterval(fields['interval']);
  if (interval !== operation.interval || !equalsIgnoringCase(fields['name'], operation.task)) return false;
  const { id } = operation.entry;
  if (equalsIgnoringCase(id, `${name}_last_failure_0`)) return true;
  const key = `${name}_${fields['name'] ?? ''}_${String(interval)}`;
  return equalsIgnoringCase(id, key) && operation.exit !== operation.expectedExit;
}

/** Whether the failure that is counted blocks the resource; undefined `operation`: any that is recorded on the node. */
function isBlockedByFailure(
  { records }: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation | undefined,
): boolean {
  const definitions = blockingOperations(resource);
  if (definitions.length === 0) return false;
  const name = withoutInstance(resource.id);
  const candidates =
    operation === undefined
      ? records.of(node.name, name).flatMap(({ operations }) => operations.map(readOperation))
      : [operation];
  return definitions.some((definition) =>
    candidates.some((candidate) => isFailureOf(name, definition, candidate)),
  );
}

/** Where a failure blocks a resource only a person can help: failure-timeout does not count for it any more. */
export function disregardTimeoutWhereBlocked(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation | undefined,
): void {
  if (resource.failureTimeout === 0) return;
  if (recordedFailures(reading.draft.input, resource, node).count <= 0) return;
  if (isBlockedByFailure(reading, resource, node, operation)) resource.failureTimeout = 0;
}

/** `isEffective`: leaving out what is older than failure-timeout. `last` is that of the last failure in any case. */
export function countFailures(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  isEffective: boolean,
  operation: Operation,
): Readonly<FailCount> {
  disregardTimeoutWhereBlocked(reading, resource, node, operation);
  const failures = recordedFailures(reading.draft.input, resource, node);
  if (isEffective && areForgotten(reading.draft.input.now, resource, failures)) {
    return { count: 0, last: failures.last };
  }
  return failures;
}

/** All failures are older than failure-timeout. */
export function areForgotten(
  now: number,
  { failureTimeout }: Pick<DraftResource, 'failureTimeout'>,
  { count, last }: Readonly<FailCount>,
): boolean {
  return count > 0 && last > 0 && failureTimeout !== 0 && now > last + failureTimeout;
}
