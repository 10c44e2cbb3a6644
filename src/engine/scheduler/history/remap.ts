import { ROLE } from '../unpack/resource.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { noteFailed } from './failed-operations.ts';
import { canFence } from './fencing.ts';
import { EXIT, OUTCOME, type Operation, isFailedLook } from './operation.ts';
import type { Course, Reading } from './reading.ts';
import { setNextRole } from './role.ts';

export interface Result {
  readonly exit: number;
  readonly outcome: number;
}

/** Degraded is running; it is only said for people to look after it. */
function withoutDegradation({ task, exit }: Operation): number {
  if (task !== 'monitor') return exit;
  if (exit === EXIT.degraded) return EXIT.ok;
  return exit === EXIT.degradedPromoted ? EXIT.promoted : exit;
}

/** Where a stop failed for good and the node cannot be fenced, nothing more can be done for the resource. */
function giveUpUnlessFenced(
  { draft }: Reading,
  resource: DraftResource,
  node: DraftNode,
  { task }: Operation,
): void {
  if (task !== 'stop' || canFence(draft, node)) return;
  resource.isManaged = false;
  resource.isBlocked = true;
}

/**
 * What a recorded result means, which the executor cannot know: whether it was the expected one, and how far a failure
 * goes (OCF return codes, "Pacemaker Explained"). Some results tell the resource's role by the way.
 */
export function interpret(
  reading: Reading,
  resource: DraftResource,
  node: DraftNode,
  operation: Operation,
  recorded: number,
  course: Course,
): Result {
  const { isProbe, expectedExit } = operation;
  const isFailed = isFailedLook(operation);
  const effective = withoutDegradation(operation);
  if (effective !== operation.exit) noteFailed(reading, resource, node, operation);
  const exit = isFailed ? EXIT.notRunning : effective;
  const known = isFailed ? OUTCOME.done : recorded;
  if (known !== OUTCOME.done && known !== OUTCOME.error) return { exit, outcome: known };

  // -1, unknown, is never met.
  const outcome = expectedExit === exit && expectedExit >= 0 ? OUTCOME.done : OUTCOME.error;
  switch (exit) {
    case EXIT.ok:
      return { exit, outcome: isProbe && expectedExit === EXIT.notRunning ? OUTCOME.done : outcome };
    case EXIT.notRunning:
      if (!isProbe && expectedExit !== exit && resource.isManaged) return { exit, outcome };
      resource.role = ROLE.stopped;
      course.onFail = 'ignore';
      setNextRole(resource, ROLE.unknown, 'not running');
      return { exit, outcome: OUTCOME.done };
    case EXIT.promoted:
      resource.role = ROLE.promoted;
      return { exit, outcome: isProbe ? OUTCOME.done : outcome };
    case EXIT.degradedPromoted:
    case EXIT.failedPromoted:
      resource.role = ROLE.promoted;
      return { exit, outcome: OUTCOME.error };
    case EXIT.notConfigured:
      return { exit, outcome: OUTCOME.fatalError };
    case EXIT.notImplemented:
      if (operation.interval !== 0) return { exit, outcome: OUTCOME.notSupported };
      giveUpUnlessFenced(reading, resource, node, operation);
      return { exit, outcome: OUTCOME.hardError };
    case EXIT.notInstalled:
    case EXIT.invalidParameter:
    case EXIT.notPermitted:
      giveUpUnlessFenced(reading, resource, node, operation);
      return { exit, outcome: OUTCOME.hardError };
    default:
      return { exit, outcome: OUTCOME.error };
  }
}
