import { INFINITY } from '../rules/values.ts';
import { ROLE } from '../unpack/resource.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { findNode } from '../unpack/lookup.ts';
import { noteLocation } from './catalogue.ts';
import { isExpired } from './expiry.ts';
import { noteFailed } from './failed-operations.ts';
import { applyFailure } from './failure.ts';
import { concerned } from './names.ts';
import { OUTCOME, type Operation, isFailedLook } from './operation.ts';
import type { Course, Reading } from './reading.ts';
import { interpret, type Result } from './remap.ts';
import { requestStop } from './request.ts';
import { setActive } from './role.ts';
import { addHistoryScore, addHistoryScoreEverywhere } from './scores.ts';
import { settingsOf } from './severity.ts';
import { applySuccess } from './success.ts';

/** Under way: its result is not known, its role is taken for what it will be. */
function applyPending(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  { task, isProbe, entry }: Operation,
): void {
  if (task === 'start') {
    resource.isStartPending = true;
    setActive(resource);
  } else if (task === 'promote') {
    resource.role = ROLE.promoted;
  } else if (task === 'migrate_to' && node.isUnclean) {
    // The node will be fenced; what has arrived at the target by then has to be stopped.
    const target = findNode(reading.draft, entry.fields['migrate_target'] ?? '');
    if (target !== undefined) requestStop(reading, resource, target);
  }
  if (resource.pendingTask !== undefined || isProbe) return;
  resource.pendingTask = task;
  resource.pendingNode = node;
  noteLocation(reading.catalogue, resource, node);
}

/** A failure that no try on this node can mend; even where failures are ignored this one counts as one. */
function applyMissingAgent(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
  { exit }: Result,
  course: Course,
): void {
  const settings = settingsOf(reading, resource, operation);
  if (settings.onFail === 'ignore') course.onFail = 'migrate';
  addHistoryScore(concerned(resource), node, -INFINITY);
  applyFailure(reading, resource, node, operation, exit, settings, course);
}

function applyError(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
  { exit, outcome }: Result,
  course: Course,
): void {
  const settings = settingsOf(reading, resource, operation);
  const { onFail } = settings;
  if (onFail === 'ignore' || (onFail === 'restart-container' && operation.task === 'stop')) {
    applySuccess(reading, resource, node, operation, operation.expectedExit, course);
    resource.isFailureIgnored = true;
    noteFailed(reading, resource, node, operation);
    return;
  }
  applyFailure(reading, resource, node, operation, exit, settings, course);
  if (outcome === OUTCOME.fatalError) {
    addHistoryScoreEverywhere(reading.draft, concerned(resource), -INFINITY);
  } else if (
    outcome === OUTCOME.hardError ||
    outcome === OUTCOME.noFenceDevice ||
    outcome === OUTCOME.noSecrets
  ) {
    addHistoryScore(concerned(resource), node, -INFINITY);
  }
}

function applyResult(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
  result: Result,
  course: Course,
): void {
  switch (result.outcome) {
    case OUTCOME.cancelled:
      return;
    case OUTCOME.pending:
      applyPending(reading, resource, node, operation);
      return;
    case OUTCOME.done:
      applySuccess(reading, resource, node, operation, result.exit, course);
      return;
    case OUTCOME.notInstalled:
      applyMissingAgent(reading, resource, node, operation, result, course);
      return;
    default:
      applyError(reading, resource, node, operation, result, course);
  }
}

/** What becomes of a record: it counts, or it is so old that the monitor behind it has to be ordered again. */
export type Verdict = 'counts' | 'renew';

/** Goes through one record: changes the resource's role, bans, on-fail (in `course`). */
export function applyOperation(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
  course: Course,
): Verdict {
  const { outcome, interval, expectedExit } = operation;
  if (outcome === undefined || operation.task === 'notify' || operation.task === 'meta-data') return 'counts';

  const isOld = outcome !== OUTCOME.notInstalled && isExpired(reading, resource, node, operation);
  const result = interpret(reading, resource, node, operation, outcome, course);
  const isFailed = isFailedLook(operation);

  if (isOld && isFailed && operation.exit !== expectedExit) {
    if (resource.role <= ROLE.stopped) resource.role = ROLE.unknown;
    return 'counts';
  }
  if (isOld && result.exit !== expectedExit) {
    if (interval === 0) return 'counts';
    if (node.isOnline && !node.isUnclean) return 'renew';
  }
  if (isFailed) {
    applySuccess(reading, resource, node, operation, expectedExit, course);
    noteFailed(reading, resource, node, operation);
    addHistoryScore(concerned(resource), node, -INFINITY);
    return 'counts';
  }
  applyResult(reading, resource, node, operation, result, course);
  return 'counts';
}
