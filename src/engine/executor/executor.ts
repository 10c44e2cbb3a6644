import {
  failure,
  within,
  type ActionId,
  type Failure,
  type Observation,
  type OperationName,
  type ResourceId,
  type Result,
} from '../../model/index.ts';
import { isUnwatched } from '../planner/index.ts';
import { multicast, note, scaled, timer, without } from '../controller/draft.ts';
import type { OperationAction } from '../controller/messages.ts';
import type { Draft } from '../controller/state.ts';
import { definitionOf } from './definitions.ts';
import { begin, changeExecutor, finish, isBusy, look } from './work.ts';

/** A monitor that cannot tell is repeated; after this many in a row the instance counts as failed. */
const MONITOR_ATTEMPTS = 3;
/** Milliseconds, on a real machine. */
const LATER = 3000;

/** An order of the DC for this node: at once, or as soon as its resource is not busy. */
export function onOrder(draft: Draft, action: OperationAction): void {
  const executor = draft.state.executor;
  if (action.delay !== undefined) {
    changeExecutor(draft, { queue: [...executor.queue, action] });
    return timer(draft, `begin ${action.id}`, action.delay);
  }
  if (isBusy(executor, action.resource)) {
    changeExecutor(draft, { queue: [...executor.queue, action] });
    return;
  }
  begin(draft, { kind: 'order', action, resource: action.resource }, action.operation, action);
}

/** Its delay is over; where its view has ended meanwhile, it is void and not there any more (S8). */
export function onDelayOver(draft: Draft, id: ActionId): void {
  const { queue } = draft.state.executor;
  const order = queue.find((action) => action.id === id && action.delay !== undefined);
  if (order === undefined) return;
  const due = { ...order, delay: undefined };
  changeExecutor(draft, { queue: queue.map((action) => (action === order ? due : action)) });
  proceed(draft, order.resource);
}

/** What the kernel hints is looked at soon; a hint never decides anything by itself. */
export function onHint(draft: Draft, resource: ResourceId): void {
  if (isUnwatched(draft.state.config.current, resource, draft.state.self)) return;
  if (isBusy(draft.state.executor, resource)) {
    changeExecutor(draft, { dirty: new Set([...draft.state.executor.dirty, resource]) });
    return;
  }
  look(draft, resource);
}

/** Somebody asks: what is seen is told, new or not. */
export function onLook(draft: Draft, resource: ResourceId): void {
  if (definitionOf(draft.state, resource) === undefined) return;
  changeExecutor(draft, { asked: new Set([...draft.state.executor.asked, resource]) });
  onHint(draft, resource);
}

export function onPerformed(draft: Draft, name: string, result: Result<Observation>): void {
  const work = finish(draft, name);
  if (work === undefined) return;
  switch (work.kind) {
    case 'order':
      onOrderPerformed(draft, work.action, result);
      break;
    case 'look-after':
      onLookedAfter(draft, work.action, work.failure, result);
      break;
    case 'monitor':
      onMonitored(draft, work.resource, result);
      break;
  }
  proceed(draft, work.resource);
}

function onOrderPerformed(draft: Draft, action: OperationAction, result: Result<Observation>): void {
  const problem = result.ok ? mismatch(action.operation, result.value) : result.failure;
  if (problem === undefined) {
    // Its start leaves the space of the volume group to a look at a time when no host waits.
    if (action.agent === 'lvm' && action.operation === 'start')
      timer(draft, `again ${action.resource}`, scaled(draft.state, LATER));
    return answer(draft, action, result.ok ? result.value : undefined, undefined);
  }
  note(
    draft,
    'warn',
    `${action.operation} of ${action.resource} failed: ${problem.message} (${problem.code})`,
  );
  if (action.operation === 'monitor') return answer(draft, action, undefined, problem);
  begin(
    draft,
    { kind: 'look-after', action, resource: action.resource, failure: problem },
    'monitor',
    action,
  );
}

/** What has come about all the same has not failed. */
function onLookedAfter(
  draft: Draft,
  action: OperationAction,
  problem: Failure,
  result: Result<Observation>,
): void {
  const seen = result.ok ? result.value : undefined;
  const isThere =
    seen !== undefined &&
    expected[action.operation] !== undefined &&
    mismatch(action.operation, seen) === undefined;
  answer(draft, action, seen, isThere ? undefined : problem);
}

const expected: Readonly<Record<OperationName, readonly Observation['state'][] | undefined>> = {
  start: ['running', 'promoted'],
  stop: ['stopped'],
  promote: ['promoted'],
  demote: ['running', 'stopped'],
  reload: ['running', 'promoted'],
  monitor: undefined,
  create: undefined,
  grow: undefined,
  remove: undefined,
  reconnect: undefined,
};

/** An agent that says it succeeded, and then sees something else, has failed. */
function mismatch(operation: OperationName, seen: Observation): Failure | undefined {
  if (expected[operation]?.includes(seen.state) ?? true) {
    const isDrifted = seen.drift !== undefined && (operation === 'start' || operation === 'reload');
    return isDrifted ? within(`after ${operation}`, seen.drift) : undefined;
  }
  const because = seen.problem === undefined ? '' : `: ${seen.problem.message}`;
  return failure('agent_failed', `after ${operation} it is ${seen.state}${because}`);
}

const answer = (
  draft: Draft,
  action: OperationAction,
  observation: Observation | undefined,
  problem: Failure | undefined,
): void => multicast(draft, { kind: 'outcome', action, outcome: { observation, failure: problem } });

function onMonitored(draft: Draft, resource: ResourceId, result: Result<Observation>): void {
  const { executor } = draft.state;
  if (!result.ok) {
    const failures = (executor.monitorFailures[resource] ?? 0) + 1;
    changeExecutor(draft, { monitorFailures: { ...executor.monitorFailures, [resource]: failures } });
    note(draft, 'warn', `monitor of ${resource} could not tell (${failures}): ${result.failure.message}`);
    if (failures < MONITOR_ATTEMPTS) return;
    report(draft, resource, { state: 'failed', problem: result.failure });
    return;
  }
  if (executor.monitorFailures[resource] !== undefined)
    changeExecutor(draft, { monitorFailures: without(executor.monitorFailures, resource) });
  report(draft, resource, result.value);
}

/** Only what is new is told, and what was asked for. */
function report(draft: Draft, resource: ResourceId, observation: Observation): void {
  const { self, status, executor } = draft.state;
  const known = status.nodes[self]?.instances[resource]?.observation;
  if (executor.asked.has(resource)) {
    const asked = new Set(executor.asked);
    asked.delete(resource);
    changeExecutor(draft, { asked });
  } else if (JSON.stringify(known) === JSON.stringify(observation)) return;
  multicast(draft, { kind: 'report', node: self, resource, observation });
}

/** The resource is free again: the next order for it, or another look where one was asked for. */
function proceed(draft: Draft, resource: ResourceId): void {
  const { executor } = draft.state;
  if (isBusy(executor, resource)) return;
  const next = executor.queue.find((action) => action.resource === resource && action.delay === undefined);
  if (next !== undefined) {
    changeExecutor(draft, { queue: executor.queue.filter((action) => action !== next) });
    return begin(draft, { kind: 'order', action: next, resource }, next.operation, next);
  }
  if (!executor.dirty.has(resource)) return;
  const dirty = new Set(executor.dirty);
  dirty.delete(resource);
  changeExecutor(draft, { dirty });
  look(draft, resource);
}
