import { assertNever } from '../../../model/index.ts';
import type { OnFail } from '../actions/action.ts';
import { INFINITY } from '../rules/values.ts';
import { ROLE } from '../unpack/resource.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { rename } from './catalogue.ts';
import { condemn } from './fencing.ts';
import type { Course, Reading } from './reading.ts';
import { requestDemotion, requestStop, withdrawStop } from './request.ts';
import { setNextRole } from './role.ts';
import { addRunning } from './running.ts';
import { addHistoryScore } from './scores.ts';

/** The state of an anonymous clone's instance is known for the whole clone, because the instances are alike. */
function noteKnown(resource: DraftResource, node: DraftNode): void {
  for (
    let current: DraftResource | undefined = resource;
    current !== undefined;
    current = current.isUnique ? undefined : current.parent
  ) {
    current.knownOn.add(node);
  }
}

function runs({ role }: DraftResource): boolean {
  return role !== ROLE.stopped && role !== ROLE.unknown;
}

/** Nobody knows what a node that is away does with what ran there. */
function fenceForWhatRuns({ draft }: Reading, resource: DraftResource, node: DraftNode): void {
  if (resource.role <= ROLE.stopped || node.isOnline || node.isInMaintenance || !resource.isManaged) return;
  if (draft.settings.stonithEnabled) condemn(draft, node, `${resource.id} is thought to be active there`);
}

function markFailed(resource: DraftResource): void {
  resource.isFailed = true;
  resource.mustStop = true;
}

/** The consequence of the gravest failure ("Pacemaker Explained", on-fail). */
function answerFailure(reading: Reading, resource: DraftResource, node: DraftNode, onFail: OnFail): void {
  switch (onFail) {
    case 'ignore':
      return;
    case 'demote':
      resource.isFailed = true;
      requestDemotion(reading, resource, node);
      return;
    case 'fence':
      condemn(reading.draft, node, `${resource.id} failed there`);
      return;
    case 'standby':
      node.isStandby = true;
      node.isStandbyOnFail = true;
      return;
    case 'block':
      resource.isManaged = false;
      resource.isBlocked = true;
      return;
    case 'migrate':
      addHistoryScore(resource, node, -INFINITY);
      return;
    case 'stop':
      setNextRole(resource, ROLE.stopped, 'on-fail=stop');
      return;
    case 'recover':
      if (!runs(resource)) return;
      markFailed(resource);
      requestStop(reading, resource, node);
      return;
    case 'restart-container':
    case 'reset-remote':
      markFailed(resource);
      if (runs(resource)) requestStop(reading, resource, node);
      return;
    default:
      assertNever(onFail);
  }
}

function noteRunning(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  onFail: OnFail,
  hasFailed: boolean,
): void {
  addRunning(reading, resource, node, hasFailed);
  if (onFail === 'ignore') return;
  resource.isFailed = true;
  if (onFail !== 'demote' && onFail !== 'block') resource.mustStop = true;
}

/**
 * After all records of a resource on a node: takes down where it runs, and draws the consequences of its failures.
 * Where the node is to be fenced anyway no others are needed, and the resource may start again elsewhere.
 */
export function applyState(reading: Reading, resource: DraftResource, node: DraftNode, course: Course): void {
  if (resource.role !== ROLE.unknown) noteKnown(resource, node);
  fenceForWhatRuns(reading, resource, node);
  const onFail: OnFail = node.isUnclean ? 'ignore' : course.onFail;
  answerFailure(reading, resource, node, onFail);

  if (runs(resource)) noteRunning(reading, resource, node, onFail, course.onFail !== 'ignore');
  else if (resource.historyId?.includes(':') === true) rename(reading.catalogue, resource, undefined);
  else withdrawStop(reading, resource, node);

  // A stop at the source of a partial migration says nothing about the target.
  const isAtTarget =
    resource.partialMigrationSource === node && resource.partialMigrationTarget !== undefined;
  if (resource.role === ROLE.stopped && isAtTarget && resource.runningOn.length > 0) {
    resource.role = ROLE.started;
  }
}
