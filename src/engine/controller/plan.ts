import {
  isDeed,
  milliseconds,
  type Action,
  type Failure,
  type InstanceStatus,
  type Observation,
  type ResourceFailures,
} from '../../model/index.ts';
import { wantFencing } from '../fencing/fencing.ts';
import { isDrifted } from '../explain/drift.ts';
import { checkTransition, fencingOf, inShort, isInMaintenance, isUnmanaged, plan } from '../planner/index.ts';
import { durableRevision } from './configuration.ts';
import {
  isRecent,
  change,
  changeNode,
  isController,
  multicast,
  note,
  scaled,
  sentence,
  tell,
  timer,
} from './draft.ts';
import type { InFlight, OperationAction, OperationOutcome } from './messages.ts';
import { snapshotOf } from '../blueprint/part.ts';
import { own, ownSet } from './own.ts';
import type { Draft, EngineState, PlanState } from './state.ts';

/**
 * An executor that has not answered this long after its deadline (in milliseconds) cannot be trusted any more. It may
 * have to let a monitor end before, and looks again after a failure.
 */
const ANSWER_MARGIN = 30_000;

/**
 * The DC's loop, at the end of every step: carry on with the transition; where it is done or was aborted, and nothing
 * is in flight any more, look at the world again and plan anew, until there is nothing left to do.
 */
export function drive(draft: Draft): void {
  // Between a ring and its quorum event nobody knows whether anything may be done (S3).
  if (!isController(draft.state) || draft.state.ring.quorate === undefined) return;
  fenceAtOnce(draft);
  orderReady(draft);
  if (draft.state.plan !== undefined && !isOver(draft.state, draft.state.plan)) return;
  planAnew(draft);
  orderReady(draft);
}

/**
 * Fencing waits for nothing that is in flight: that may itself wait for the fencing, as a promotion does whose kernel
 * asks for the peer's.
 */
function fenceAtOnce(draft: Draft): void {
  const { status, inFlight, config } = draft.state;
  if (Object.keys(inFlight).length === 0) return;
  const isWaiting = Object.values(status.nodes).some(
    ({ state, fenceWanted, fencing }) =>
      (state === 'lost' || fenceWanted !== undefined) &&
      fencing?.state !== 'running' &&
      fencing?.state !== 'failing',
  );
  if (!isWaiting) return;
  const input = { blueprint: config.blueprint, config: config.current, status };
  for (const { node, reason } of fencingOf(input)) wantFencing(draft, node, reason);
}

/** All that is left of it waits for a fencing, or for nothing; where the world is as it was planned for, that is right. */
function isOver(state: EngineState, plan: PlanState): boolean {
  if (Object.keys(state.inFlight).length > 0) return false;
  if (plan.aborted !== undefined) return true;
  return plan.plannedFor.status !== state.status || plan.plannedFor.config !== state.config.current;
}

function planAnew(draft: Draft): void {
  const { status, config } = draft.state;
  if (Object.keys(draft.state.inFlight).length > 0) return;
  const input = { blueprint: config.blueprint, config: config.current, status };
  const transition = plan(input);
  checkTransition(transition, input);
  for (const action of transition.actions) note(draft, 'info', `plan: ${action.id}: ${action.reason}`);
  change(draft, {
    plan: {
      transition,
      plannedFor: { status, config: config.current },
      done: new Set(),
      ordered: new Set(),
      aborted: undefined,
    },
  });
}

/**
 * What cannot be undone is done only for what cannot be forgotten any more (S7), and not again while its success is
 * being written down.
 */
function mayDo(draft: Draft, deed: string): boolean {
  const { proposed, config } = draft.state;
  const last = proposed[deed];
  return (
    durableRevision(draft.state) >= config.current.revision && (last === undefined || !isRecent(draft, last))
  );
}

/** What waits for nothing more is ordered; what stands side by side runs side by side. */
function orderReady(draft: Draft): void {
  const { plan } = draft.state;
  if (plan === undefined || plan.aborted !== undefined) return;
  if (plan.ordered.size === plan.transition.actions.length) return;
  const ready = plan.transition.actions
    .filter(
      ({ id }) =>
        !plan.ordered.has(id) && (plan.transition.after[id] ?? []).every((before) => plan.done.has(before)),
    )
    .filter((action) => action.kind === 'fence' || action.deed === undefined || mayDo(draft, action.deed));
  if (ready.length === 0) return;
  change(draft, { plan: { ...plan, ordered: new Set([...plan.ordered, ...ready.map(({ id }) => id)]) } });
  for (const action of ready) order(draft, action);
}

function order(draft: Draft, action: Action): void {
  if (action.kind === 'fence') return wantFencing(draft, action.node, action.reason);
  noteOrder(draft, action, 'unheard');
  multicast(draft, { kind: 'order', generation: draft.state.view.generation, action });
  awaitAnswer(draft, flightOf(action));
}

export const flightOf = (action: OperationAction): InFlight => ({
  action: action.id,
  node: action.node,
  resource: action.resource,
  timeout: milliseconds(action.timeout + (action.delay ?? 0)),
});

export const awaitAnswer = (draft: Draft, { action, timeout }: InFlight): void =>
  timer(draft, `answer ${action}`, milliseconds(timeout + scaled(draft.state, ANSWER_MARGIN)));

/** An order was due long ago: its node does not carry out what it is told (S9). */
export function onAnswerOverdue(draft: Draft, actionId: string): void {
  const flight = draft.state.inFlight[actionId];
  if (flight === undefined || !isController(draft.state)) return;
  if (isInMaintenance(draft.state.config.current, flight.node)) return awaitAnswer(draft, flight);
  const { generation } = draft.state.view;
  const reason = `it did not answer '${actionId}'`;
  multicast(draft, { kind: 'fence-wanted', target: flight.node, reason, generation });
}

/** Every node hears every order, so that the next DC knows what is under way. */
export function noteOrder(draft: Draft, action: OperationAction, unheard?: 'unheard'): void {
  const inFlight = own(draft, draft.state.inFlight);
  inFlight[action.id] = { ...flightOf(action), ...(unheard && { unheard: true }) };
  change(draft, { inFlight });
}

/** What was seen counts always; whether the work itself does: `false` where nobody waits for it. */
export function onOutcome(draft: Draft, action: OperationAction, outcome: OperationOutcome): boolean {
  const flight = draft.state.inFlight[action.id];
  if (flight === undefined) {
    note(draft, 'info', `a result for '${action.id}', which nobody waits for`);
    if (draft.state.status.nodes[action.node]?.state !== 'online') return false;
    noteOutcome(draft, action, outcome);
    abort(draft, `${action.resource} on ${action.node} was seen anew`);
    return false;
  }
  const inFlight = own(draft, draft.state.inFlight);
  Reflect.deleteProperty(inFlight, action.id);
  change(draft, { inFlight });
  if (isController(draft.state)) timer(draft, `answer ${action.id}`, undefined);
  noteOutcome(draft, action, outcome);
  const { plan } = draft.state;
  if (plan === undefined || !plan.ordered.has(action.id)) return true;
  if (outcome.failure !== undefined) abort(draft, `${action.id} failed`);
  else change(draft, { plan: { ...plan, done: ownSet(draft, plan.done).add(action.id) } });
  return true;
}

function noteOutcome(draft: Draft, action: OperationAction, outcome: OperationOutcome): void {
  const { node, resource, operation } = action;
  changeNode(draft, node, (status) => {
    const before = status.instances[resource];
    const failures =
      outcome.failure === undefined
        ? stillCounted(before?.failures, operation)
        : failedOnceMore(draft, before, action, outcome.failure);
    // A deed on a volume does not tell whether the LUN is exported; the LUN's own monitor does, as after a failure.
    const observation =
      isDeed(operation) && action.agent !== 'drbd' && outcome.failure === undefined
        ? (before?.observation ?? 'unknown')
        : (outcome.observation ?? 'unknown');
    const instances = own(draft, status.instances);
    const applied = appliedBy(before?.applied, action, observation, outcome.failure);
    instances[resource] = { observation, failures, applied };
    // Of a snapshot nothing runs anywhere: what was done well is no state of anything.
    if (action.agent === 'lvm-snapshot' && failures === undefined)
      Reflect.deleteProperty(instances, resource);
    return { ...status, instances };
  });
  if (outcome.failure !== undefined)
    tell(
      draft,
      'resource.changed',
      { node, subject: resource },
      `${operation} of ${resource} on ${node} failed: ${sentence(outcome.failure)}`,
    );
  else if (operation !== 'monitor')
    tell(
      draft,
      'resource.changed',
      { node, subject: resource },
      `${operation} of ${resource} on ${node} succeeded`,
    );
}

/** What runs anew has been down: that it once would not stop is past. */
function stillCounted(
  failures: ResourceFailures | undefined,
  succeeded: OperationAction['operation'],
): ResourceFailures | undefined {
  if (failures === undefined) return undefined;
  const { operation } = failures;
  const isOver =
    succeeded === 'start'
      ? operation === 'stop' || operation === 'demote' || operation === 'reload'
      : succeeded === 'reload' && operation === 'reload';
  return isOver ? undefined : failures;
}

/**
 * The parameters that it runs with from now on, in short. Empty: not those that it was started with, as where its start
 * was ended half-way. What is found with others than asked keeps what is known of it.
 */
function appliedBy(
  before: string | undefined,
  { agent, operation, parameters }: OperationAction,
  seen: Observation | 'unknown',
  problem: Failure | undefined,
): string | undefined {
  if (seen === 'unknown' || !isActive(seen)) return undefined;
  const isBrought = operation === 'start' || operation === 'reload' || operation === 'monitor';
  if (isBrought && problem === undefined && seen.drift === undefined) return inShort(agent, parameters);
  return operation === 'start' ? '' : before;
}

function failedOnceMore(
  draft: Draft,
  before: InstanceStatus | undefined,
  { operation }: Pick<OperationAction, 'operation'>,
  failure: ResourceFailures['failure'],
): ResourceFailures {
  return { count: (before?.failures?.count ?? 0) + 1, lastAt: draft.now, operation, failure };
}

/** What a monitor or the kernel told: an active instance that stopped or broke by itself has failed once more. */
export function onReport(draft: Draft, node: string, resource: string, observation: Observation): void {
  const before = draft.state.status.nodes[node]?.instances[resource];
  const seen = before?.observation;
  const wasActive = seen !== undefined && seen !== 'unknown' && isActive(seen);
  // What is left alone may be stopped by whoever is at work on it: that is no failure.
  const isTheirs = isUnmanaged(draft.state.config.current, resource, node);
  const broke = wasActive && !isTheirs && (observation.state === 'stopped' || observation.state === 'failed');
  const problem = observation.problem ?? {
    code: 'agent_failed' as const,
    message: `it is ${observation.state}`,
  };
  changeNode(draft, node, (status) => {
    const instances = own(draft, status.instances);
    instances[resource] = {
      observation,
      failures: broke
        ? {
            ...failedOnceMore(draft, before, { operation: 'monitor' }, problem),
            before: seen.state === 'promoted' ? 'promoted' : 'running',
          }
        : before?.failures,
      applied: isActive(observation) ? before?.applied : undefined,
    };
    return { ...status, instances };
  });
  const changedState = seen === undefined || seen === 'unknown' || seen.state !== observation.state;
  if (changedState) {
    tell(
      draft,
      'resource.changed',
      { node, subject: resource },
      `${resource} on ${node} is ${observation.state}`,
    );
    abort(draft, `${resource} on ${node} became ${observation.state} by itself`);
  } else if (observation.drift !== undefined && seen.drift?.message !== observation.drift.message) {
    if (isDrifted(draft.state, resource, before))
      tell(
        draft,
        'resource.changed',
        { node, subject: resource },
        `on ${node}: ${sentence(observation.drift)}`,
      );
    abort(draft, `${resource} on ${node} is not as it should be`);
  } else if (seen.promotionScore !== observation.promotionScore) {
    abort(draft, `the fitness of ${resource} on ${node} changed`);
  }
}

const isActive = (observation: Observation): boolean =>
  observation.state === 'running' || observation.state === 'promoted';

/** Nothing more of the present transition is begun; what is in flight ends first, then the DC plans anew. */
export function abort(draft: Draft, reason: string): void {
  const { plan } = draft.state;
  if (plan?.aborted !== undefined || plan === undefined) return;
  const open = plan.transition.actions.some(({ id }) => !plan.done.has(id));
  if (open) note(draft, 'info', `plan aborted: ${reason}`);
  change(draft, { plan: { ...plan, aborted: reason } });
}

const SNAPSHOT = snapshotOf('');

export function onCleanup(draft: Draft, node: string | undefined, resource: string | undefined): void {
  for (const name of Object.keys(draft.state.status.nodes)) {
    if (node !== undefined && node !== name) continue;
    changeNode(draft, name, (status) => ({
      ...status,
      instances: Object.fromEntries(
        Object.entries(status.instances).flatMap(([id, instance]): [string, InstanceStatus][] =>
          instance.failures === undefined || (resource !== undefined && resource !== id)
            ? [[id, instance]]
            : id.startsWith(SNAPSHOT)
              ? []
              : [[id, { ...instance, failures: undefined }]],
        ),
      ),
    }));
  }
  abort(draft, 'failures were cleaned up');
}
