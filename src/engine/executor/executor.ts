import {
  failure,
  type Failure,
  type InstanceStatus,
  type Observation,
  type OperationName,
  type Primitive,
  type ResourceId,
  type Result,
} from '../../model/index.ts';
import { change, multicast, note, timer, uniqueName } from '../controller/draft.ts';
import type { OperationAction } from '../controller/messages.ts';
import type { Draft, EngineState, ExecutorState, Work } from '../controller/state.ts';

/** A monitor that cannot tell is repeated; after this many in a row the instance counts as failed. */
const MONITOR_ATTEMPTS = 3;

/** An order of the DC for this node: at once, or as soon as its resource is not busy. */
export function onOrder(draft: Draft, action: OperationAction): void {
  const executor = draft.state.executor;
  if (isBusy(executor, action.resource)) {
    changeExecutor(draft, { queue: [...executor.queue, action] });
    return;
  }
  begin(draft, { kind: 'order', action, resource: action.resource }, action.operation, action);
}

/** What the kernel hints is looked at soon; a hint never decides anything by itself. */
export function onHint(draft: Draft, resource: ResourceId): void {
  if (isBusy(draft.state.executor, resource)) {
    changeExecutor(draft, { dirty: new Set([...draft.state.executor.dirty, resource]) });
    return;
  }
  monitor(draft, resource);
}

export function onMonitorTimer(draft: Draft, resource: ResourceId): void {
  const { executor } = draft.state;
  const scheduled = new Set(executor.scheduledMonitors);
  scheduled.delete(resource);
  changeExecutor(draft, { scheduledMonitors: scheduled });
  if (!isBusy(executor, resource)) monitor(draft, resource);
}

export function onPerformed(draft: Draft, name: string, result: Result<Observation>): void {
  const { [name]: work, ...others } = draft.state.executor.work;
  if (work === undefined) return;
  changeExecutor(draft, { work: others });
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
  if (problem === undefined) return answer(draft, action, result.ok ? result.value : undefined, undefined);
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
  monitor: undefined,
  create: undefined,
  remove: undefined,
};

/** An agent that says it succeeded, and then sees something else, has failed. */
function mismatch(operation: OperationName, seen: Observation): Failure | undefined {
  if (expected[operation]?.includes(seen.state) ?? true) return undefined;
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
  changeExecutor(draft, { monitorFailures: { ...executor.monitorFailures, [resource]: 0 } });
  report(draft, resource, result.value);
}

/** Only what is new is told. */
function report(draft: Draft, resource: ResourceId, observation: Observation): void {
  const known = instance(draft.state, resource)?.observation;
  if (JSON.stringify(known) === JSON.stringify(observation)) return;
  multicast(draft, { kind: 'report', node: draft.state.self, resource, observation });
}

/** The resource is free again: the next order for it, or another look where one was asked for. */
function proceed(draft: Draft, resource: ResourceId): void {
  const { executor } = draft.state;
  if (isBusy(executor, resource)) return;
  const next = executor.queue.find((action) => action.resource === resource);
  if (next !== undefined) {
    changeExecutor(draft, { queue: executor.queue.filter((action) => action !== next) });
    return begin(draft, { kind: 'order', action: next, resource }, next.operation, next);
  }
  if (!executor.dirty.has(resource)) return;
  const dirty = new Set(executor.dirty);
  dirty.delete(resource);
  changeExecutor(draft, { dirty });
  monitor(draft, resource);
}

function monitor(draft: Draft, resource: ResourceId): void {
  const definition = definitionOf(draft.state, resource);
  if (definition === undefined) return;
  begin(draft, { kind: 'monitor', resource }, 'monitor', {
    agent: definition.agent,
    parameters: definition.parameters,
    timeout: definition.timeouts.monitor,
  });
}

function begin(
  draft: Draft,
  work: Work,
  operation: OperationName,
  how: Pick<OperationAction, 'agent' | 'parameters' | 'timeout'>,
): void {
  const name = uniqueName(draft, operation);
  changeExecutor(draft, { work: { ...draft.state.executor.work, [name]: work } });
  const { agent, parameters, timeout } = how;
  draft.effects.push({ kind: 'perform', work: name, agent, operation, parameters, timeout });
}

/**
 * Recurring monitors and watches follow what runs here: active instances are looked at every interval, and the
 * kernel's own events of those whose agent has them are listened to.
 */
export function tend(draft: Draft): void {
  const { state } = draft;
  const scheduled = new Set(state.executor.scheduledMonitors);
  const watched = new Set(state.executor.watched);
  for (const definition of definitions(state)) {
    const active = isActive(instance(state, definition.id));
    if (active && !scheduled.has(definition.id) && !isBusy(state.executor, definition.id)) {
      scheduled.add(definition.id);
      timer(draft, `monitor ${definition.id}`, definition.monitorInterval);
    }
    if (active && definition.agent === 'drbd' && !watched.has(definition.id)) {
      watched.add(definition.id);
      draft.effects.push({
        kind: 'watch',
        resource: definition.id,
        agent: definition.agent,
        parameters: definition.parameters,
      });
    }
    if (!active && watched.delete(definition.id))
      draft.effects.push({ kind: 'unwatch', resource: definition.id });
  }
  changeExecutor(draft, { scheduledMonitors: scheduled, watched });
}

const isActive = (status: InstanceStatus | undefined): boolean =>
  status !== undefined && status.observation !== 'unknown' && status.observation.state !== 'stopped';

const instance = (state: EngineState, resource: ResourceId): InstanceStatus | undefined =>
  state.status.nodes[state.self]?.instances[resource];

/** Busy with what the DC ordered, not just with a look of its own. */
export const isUnderOrder = (executor: ExecutorState, resource: ResourceId): boolean =>
  Object.values(executor.work).some((work) => work.resource === resource && work.kind !== 'monitor');

const isBusy = (executor: ExecutorState, resource: ResourceId): boolean =>
  Object.values(executor.work).some((work) => work.resource === resource);

export const definitions = (state: EngineState): readonly Primitive[] =>
  state.config.blueprint.resources.map((resource) =>
    resource.kind === 'promotable-clone' ? resource.primitive : resource,
  );

export const definitionOf = (state: EngineState, resource: ResourceId): Primitive | undefined =>
  definitions(state).find(({ id }) => id === resource);

const changeExecutor = (draft: Draft, to: Partial<ExecutorState>): void =>
  change(draft, { executor: { ...draft.state.executor, ...to } });
