import type { HistoryEntry } from '../../../model/index.ts';
import { equalsIgnoringCase } from '../rules/values.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { EXIT, OUTCOME, type Operation, readInteger, readOperation } from './operation.ts';
import type { Reading } from './reading.ts';
import { findEntry, onlyHistory } from './records.ts';
import { compareAge } from './sequence.ts';

/** Where a migration went. */
export interface Ends {
  readonly source: string;
  readonly target: string;
}

function endsOf({ entry }: Operation): Ends | undefined {
  const source = entry.fields['migrate_source'];
  const target = entry.fields['migrate_target'];
  return source === undefined || target === undefined ? undefined : { source, target };
}

/** The migration's ends, where `node` is the one it should be by the record; a finding otherwise. */
export function checkedEnds(
  { draft }: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
  end: keyof Ends,
): Ends | undefined {
  const ends = endsOf(operation);
  if (ends?.[end] === node.name) return ends;
  draft.findings.push({
    code: ends === undefined ? 'missing_field' : 'bad_value',
    place: `history of '${resource.id}' on '${node.name}' operation '${operation.entry.id}'`,
    message: 'The migration does not tell from where to where it went, or was another node’s; it is left out',
  });
  return undefined;
}

export function hasResult({ fields }: HistoryEntry, exit: number): boolean {
  const rc = fields['rc-code'];
  const status = fields['op-status'];
  return (
    rc !== undefined &&
    readInteger(rc) === exit &&
    status !== undefined &&
    readInteger(status) === OUTCOME.done
  );
}

export function findArrival(
  { records }: Reading,
  resource: string,
  { source, target }: Ends,
): Operation | undefined {
  const entry = findEntry(
    records,
    target,
    resource,
    ({ operation, fields }) => operation === 'migrate_from' && fields['migrate_source'] === source,
  );
  return entry === undefined ? undefined : readOperation(entry);
}

export function findDeparture(
  { records }: Reading,
  resource: string,
  { source, target }: Ends,
): Operation | undefined {
  const entry = findEntry(
    records,
    source,
    resource,
    ({ operation, fields }) => operation === 'migrate_to' && fields['migrate_target'] === target,
  );
  return entry === undefined ? undefined : readOperation(entry);
}

const STATE_CHANGES = new Set(['start', 'stop', 'migrate_to', 'migrate_from']);

/** Something was done with the resource on `node` after `event`; monitors do not count. */
export function wasChangedAfter(
  { records }: Reading,
  resource: string,
  node: string,
  event: Operation | undefined,
  onOneNode: boolean,
): boolean {
  const history = onlyHistory(records, node, resource);
  if (history === undefined || event === undefined) return false;
  return history.operations.some(
    (entry) =>
      entry !== event.entry &&
      STATE_CHANGES.has(entry.operation) &&
      compareAge(readOperation(entry), event, onOneNode) > 0,
  );
}

function wasFoundStoppedAfter(
  { records }: Reading,
  resource: string,
  node: string,
  event: Operation | undefined,
  onOneNode: boolean,
): boolean {
  const entry = findEntry(records, node, resource, ({ operation }) => operation === 'monitor');
  if (entry === undefined || event === undefined || !hasResult(entry, EXIT.notRunning)) return false;
  return compareAge(readOperation(entry), event, onOneNode) > 0;
}

/** The node's own record of the migration is the better one to compare with, because its numbering is. */
export function isNewerStateAfter(
  reading: Reading,
  resource: string,
  node: string,
  departure: Operation | undefined,
  arrival: Operation | undefined,
): boolean {
  let event = arrival ?? departure;
  let onOneNode = false;
  const ends = event === undefined ? undefined : endsOf(event);
  if (equalsIgnoringCase(node, ends?.target)) {
    event = arrival ?? departure;
    onOneNode = arrival !== undefined;
  } else if (equalsIgnoringCase(node, ends?.source)) {
    event = departure ?? arrival;
    onOneNode = departure !== undefined;
  }
  return (
    wasChangedAfter(reading, resource, node, event, onOneNode) ||
    wasFoundStoppedAfter(reading, resource, node, event, onOneNode)
  );
}

/** What the controller records as the exit code of an operation that is under way. */
const NOT_KNOWN_YET = '193';

export function isUnknownOn({ records }: Reading, resource: string, node: string): boolean {
  const histories = records.of(node, resource);
  return !histories.some(({ operations }) =>
    operations.some(({ fields }) => fields['rc-code'] !== undefined && fields['rc-code'] !== NOT_KNOWN_YET),
  );
}
