import { INFINITY } from '../rules/values.ts';
import { ROLE } from '../unpack/resource.ts';
import type { Draft, DraftNode, DraftResource } from '../unpack/draft.ts';
import type { OperationSettings } from '../unpack/operation.ts';
import { noteFailed } from './failed-operations.ts';
import { arriveAfterFailedMigration, stayAfterFailedMigration } from './migration.ts';
import { topOf } from './names.ts';
import { EXIT, type Operation } from './operation.ts';
import type { Course, Reading } from './reading.ts';
import { setActive, setNextRole } from './role.ts';
import { addHistoryScore, banItselfEverywhere } from './scores.ts';
import { isGraver } from './severity.ts';

function applyFailedDemotion(resource: DraftResource, { onFail }: OperationSettings, exit: number): void {
  if (onFail === 'block') {
    resource.role = ROLE.promoted;
    setNextRole(resource, ROLE.stopped, 'demote with on-fail=block');
  } else {
    // Not promoted any more, or it would be demoted again and again; it is stopped anyway, and promoted after that only.
    resource.role = exit === EXIT.notRunning ? ROLE.stopped : ROLE.unpromoted;
  }
}

/** With on-fail=stop it stays down; an anonymous clone whose instance fails so stays down as a whole. */
function keepStopped(draft: Draft, resource: DraftResource): void {
  const top = topOf(resource);
  banItselfEverywhere(draft, top.kind === 'clone' && !top.isUnique ? top : resource);
}

/** What follows from a failed operation for the resource's role and place; `course` keeps the gravest on-fail. */
export function applyFailure(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
  exit: number,
  settings: OperationSettings,
  course: Course,
): void {
  course.lastFailure = operation;
  // Where resources run on some nodes only, agents are missing on the others.
  if (reading.draft.settings.isSymmetric || exit !== EXIT.notInstalled) {
    noteFailed(reading, resource, node, operation);
  }
  if (isGraver(settings.onFail, course.onFail)) course.onFail = settings.onFail;

  if (operation.task === 'stop') addHistoryScore(resource, node, -INFINITY);
  else if (operation.task === 'migrate_to') stayAfterFailedMigration(reading, resource, node, operation);
  else if (operation.task === 'migrate_from') arriveAfterFailedMigration(reading, resource, node, operation);
  else if (operation.task === 'promote') resource.role = ROLE.promoted;
  else if (operation.task === 'demote') applyFailedDemotion(resource, settings, exit);

  if (operation.isProbe && exit === EXIT.notInstalled) resource.role = ROLE.stopped;
  else if (resource.role < ROLE.started) setActive(resource);

  const { failRole } = settings;
  if (failRole !== ROLE.started && resource.nextRole < failRole) setNextRole(resource, failRole, 'failure');
  if (failRole === ROLE.stopped) keepStopped(reading.draft, resource);
}
