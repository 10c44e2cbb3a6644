import { ROLE } from '../unpack/resource.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { equalsIgnoringCase } from '../rules/values.ts';
import { followMigration } from './migration.ts';
import { EXIT, type Operation, isFailedLook } from './operation.ts';
import type { Course, Reading } from './reading.ts';
import { setActive, setNextRole } from './role.ts';

/** What a success does not undo: a person or a fencing has to. */
function isLasting({ onFail }: Course): boolean {
  return onFail === 'stop' || onFail === 'fence' || onFail === 'migrate' || onFail === 'standby';
}

function forgetFailures(resource: DraftResource, course: Course): void {
  if (isLasting(course) || course.onFail === 'reset-remote') return;
  course.onFail = 'ignore';
  setNextRole(resource, ROLE.unknown, 'clear past failures');
}

/** Sets the role that follows from the operation; true: the failures before it are past. */
function applyTask(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
  course: Course,
): boolean {
  switch (operation.task) {
    case 'monitor':
      if (resource.role < ROLE.started) setActive(resource);
      return course.lastFailure !== undefined && equalsIgnoringCase(operation.key, course.lastFailure.key);
    case 'start':
    case 'migrate_from':
      resource.role = ROLE.started;
      return true;
    case 'stop':
      resource.role = ROLE.stopped;
      return true;
    case 'promote':
      resource.role = ROLE.promoted;
      return true;
    case 'demote':
      resource.role = ROLE.unpromoted;
      return course.onFail === 'demote';
    case 'migrate_to':
      followMigration(reading, resource, node, operation);
      return false;
    default:
      if (resource.role < ROLE.started) setActive(resource);
      return false;
  }
}

/** What follows from an operation that went well, or counts as such, with `exit`. */
export function applySuccess(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
  exit: number,
  course: Course,
): void {
  if (exit === EXIT.notInstalled || isFailedLook(operation)) {
    resource.role = ROLE.stopped;
    return;
  }
  const isPast = exit === EXIT.notRunning || applyTask(reading, resource, node, operation, course);
  if (isPast) forgetFailures(resource, course);
}
