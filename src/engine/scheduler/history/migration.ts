import { ROLE } from '../unpack/resource.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { findNode } from '../unpack/lookup.ts';
import {
  checkedEnds,
  findArrival,
  findDeparture,
  hasResult,
  isNewerStateAfter,
  isUnknownOn,
  wasChangedAfter,
} from './migration-records.ts';
import { EXIT, OUTCOME, type Operation, readInteger } from './operation.ts';
import type { Reading } from './reading.ts';
import { addRunning } from './running.ts';

/** Restart instead of another try to migrate. */
function giveUpMigration(resource: DraftResource): void {
  resource.isFailed = true;
  resource.mustStop = true;
  resource.mayMigrate = false;
}

/**
 * A migration left `node` (migrate_to went well). A whole one is migrate_to here, migrate_from there, stop here. Where
 * the stop is missing it is dangling: only the stop remains to be done. Where migrate_from is missing it is partial:
 * the resource may be at both ends, and the migration may go on if the target stays the same. A stop here does not end
 * a partial migration, because the other end may still run; so what is newer is looked for at both ends.
 */
export function followMigration(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  departure: Operation,
): void {
  const ends = checkedEnds(reading, resource, node, departure, 'source');
  if (ends === undefined) return;
  const { id } = resource;
  const isPastHere = wasChangedAfter(reading, id, ends.source, departure, true);
  const arrival = findArrival(reading, id, ends);
  if (isPastHere && arrival !== undefined) return;
  const isPastThere = isNewerStateAfter(reading, id, ends.target, departure, arrival);
  if (isPastHere && isPastThere) return;

  // Clones cannot migrate: it is not promoted.
  resource.role = ROLE.started;
  const target = findNode(reading.draft, ends.target);
  const mayRunThere = !isPastThere && target?.isOnline === true;
  const outcome = arrival?.entry.fields['op-status'];
  const arrivalOutcome = outcome === undefined ? OUTCOME.done : readInteger(outcome);

  if (arrival?.exit === EXIT.ok && arrivalOutcome === OUTCOME.done) {
    resource.role = ROLE.stopped;
    resource.danglingMigrations.unshift(node);
  } else if (arrival !== undefined && arrivalOutcome !== OUTCOME.pending) {
    if (mayRunThere) addRunning(reading, resource, target, true);
    else giveUpMigration(resource);
  } else if (target?.isOnline === true && isUnknownOn(reading, id, ends.target)) {
    // Its history there was cleaned: it will be looked for, and then its state there is newer than this record.
    return;
  } else if (mayRunThere) {
    addRunning(reading, resource, target, false);
    if (node.isOnline) {
      resource.partialMigrationTarget = target;
      resource.partialMigrationSource = node;
    }
  } else if (!isPastHere) giveUpMigration(resource);
}

/** migrate_to failed on `node`: it is active here, and may be at the other end too. */
export function stayAfterFailedMigration(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  departure: Operation,
): void {
  const ends = checkedEnds(reading, resource, node, departure, 'source');
  if (ends === undefined) return;
  const { id } = resource;
  resource.role = ROLE.started;
  const found = findArrival(reading, id, ends);
  const arrival = found !== undefined && hasResult(found.entry, EXIT.ok) ? found : undefined;
  // What is unknown there will be looked at.
  if (
    !isUnknownOn(reading, id, ends.target) &&
    !isNewerStateAfter(reading, id, ends.target, departure, arrival)
  ) {
    const target = findNode(reading.draft, ends.target);
    if (target?.isOnline === true) addRunning(reading, resource, target, false);
  } else if (!wasChangedAfter(reading, id, ends.source, departure, true)) {
    resource.danglingMigrations.unshift(node);
  }
}

/** migrate_from failed on `node`: it is active here, and may be where it came from too. */
export function arriveAfterFailedMigration(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  arrival: Operation,
): void {
  const ends = checkedEnds(reading, resource, node, arrival, 'target');
  if (ends === undefined) return;
  const { id } = resource;
  resource.role = ROLE.started;
  const found = findDeparture(reading, id, ends);
  const departure = found !== undefined && hasResult(found.entry, EXIT.ok) ? found : undefined;
  if (isUnknownOn(reading, id, ends.source)) return;
  if (isNewerStateAfter(reading, id, ends.source, departure, arrival)) return;
  const source = findNode(reading.draft, ends.source);
  if (source?.isOnline === true) addRunning(reading, resource, source, true);
}
