import {
  milliseconds,
  type ClusterConfig,
  type Command,
  type Failure,
  type LunIntent,
  type NodeStatus,
  type PoolIntent,
  type ResourceFailures,
  type ResourceId,
} from '../../model/index.ts';
import { isLasting, isMendedElsewhere, onFailOf, policyOf } from '../planner/index.ts';
import { timeOfDayNow } from './clock.ts';
import { isToBeCarriedOn, nodesOff, propose } from './configuration.ts';
import { dueOfHistory, forgetRecorded } from '../fencing/history.ts';
import { giveBack } from '../fencing/performing.ts';
import { dueOfPowerOn, forgetPowerOns } from '../fencing/power-on.ts';
import { isOutOfIt, noLongerWanted, repeatWishes } from '../fencing/replication.ts';
import { dueOfDryTest, dueOfTests } from '../fencing/testing.ts';
import { dueOfReplacement, isCurrentOnBoth, isReplacing, staleFailures } from '../replacement/progress.ts';
import { dueOfSplits } from '../split/detect.ts';
import { afterReconnection, dueOfRecoveries } from '../split/recovery.ts';
import { dueOfWitness } from '../quorum/witness-change.ts';
import { isController, mayMulticast, multicast, timer, uniqueName } from './draft.ts';
import { remembered } from '../remembered.ts';
import type { OperationAction, OperationOutcome } from './messages.ts';
import { afterSnapshotDeed } from './snapshots.ts';
import { dueOfPortals } from './targets.ts';
import type { Draft, EngineState } from './state.ts';

/** A deed that failed this often is given up. */
const DEED_ATTEMPTS = 3;
/** Failures are forgotten after this many milliseconds, so that what healed is tried again without a person. */
const FAILURE_FORGOTTEN = { soon: 30_000, late: 600_000 };

/**
 * What the DC has to write into the configuration because the world fulfilled it (or could not). Derived from what is,
 * at every step: a proposal that got lost is simply made again.
 */
export function upkeep(draft: Draft): void {
  if (!draft.state.view.complete || draft.state.ring.quorate !== true) return;
  repeatWishes(draft);
  giveBack(draft);
  forgetPowerOns(draft);
  forgetRecorded(draft);
  for (const [name, command] of dueOfDryTest(draft)) suggest(draft, name, command);
  for (const pool of Object.values(draft.state.config.current.pools)) claimAlone(draft, pool);
  if (!isController(draft.state)) return;
  for (const resource of staleFailures(draft.state)) forgetOnReplaced(draft, resource);
  for (const [name, command] of due(draft)) suggest(draft, name, command);
  for (const { target, reason } of noLongerWanted(draft.state))
    if (mayMulticast(draft, `withdraw ${target}`))
      multicast(draft, { kind: 'fence-withdrawn', target, reason });
  forgetFailures(draft);
}

function forgetOnReplaced(draft: Draft, resource: ResourceId): void {
  const { replacement } = draft.state.config.current;
  if (replacement === undefined) return;
  const { node, operation } = replacement;
  if (mayMulticast(draft, `forget ${resource} ${operation}`))
    multicast(draft, { kind: 'cleanup', node, resource });
}

/** A deed was done, or failed: told to the configuration at once. */
export function onDeedOutcome(draft: Draft, action: OperationAction, outcome: OperationOutcome): void {
  if (action.deed === undefined || !isController(draft.state)) return;
  const { failure } = outcome;
  if (action.operation === 'reconnect') return onReconnected(draft, action, failure);
  if (action.agent === 'lvm-snapshot') return onSnapshotOutcome(draft, action, failure);
  const lun = action.parameters['lun'];
  if (typeof lun === 'string') {
    if (action.operation === 'remove' && failure === undefined)
      suggest(draft, action.deed, { kind: 'lun.deleted', name: lun });
    // Its failures are those of a LUN, or of a size, that is not to be any more.
    if (failure !== undefined && isFinal(draft.state, action, failure))
      multicast(draft, { kind: 'cleanup', node: undefined, resource: action.resource });
    if (action.operation === 'create' && (failure === undefined || isFinal(draft.state, action, failure)))
      suggest(
        draft,
        action.deed,
        failure === undefined
          ? { kind: 'lun.created', name: lun }
          : { kind: 'lun.createFailed', name: lun, failure },
      );
    if (action.operation === 'grow') onGrowthOutcome(draft, action, lun, failure);
    return;
  }
  if (action.agent !== 'lvm' || failure !== undefined) return;
  const pool = Object.values(draft.state.config.current.pools).find(
    ({ name }) => action.resource === `lvm-${name}`,
  );
  if (pool !== undefined) suggest(draft, action.deed, { kind: 'pool.initialised', name: pool.name });
}

/** A failure of the last one is not said of the next. */
function onReconnected(draft: Draft, action: OperationAction, cause: Failure | undefined): void {
  const isLast = cause !== undefined && isFinal(draft.state, action, cause);
  const next = afterReconnection(draft.state, action, cause, isLast);
  if (next === undefined) return;
  if (cause !== undefined) multicast(draft, { kind: 'cleanup', node: undefined, resource: action.resource });
  suggest(draft, action.deed ?? action.id, next);
}

/** Its failures are those of a snapshot that is not to be any more. */
function onSnapshotOutcome(draft: Draft, action: OperationAction, cause: Failure | undefined): void {
  const isLast = cause !== undefined && isFinal(draft.state, action, cause);
  const next = afterSnapshotDeed(draft.state.config.current, action, cause, isLast);
  if (isLast && next !== undefined)
    multicast(draft, { kind: 'cleanup', node: undefined, resource: action.resource });
  if (next !== undefined) suggest(draft, action.deed ?? action.id, next);
}

function onGrowthOutcome(
  draft: Draft,
  action: OperationAction,
  name: string,
  cause: Failure | undefined,
): void {
  const growth = draft.state.config.current.luns[name]?.grow;
  // A late outcome is that of a growth before.
  if (action.deed === undefined || growth === undefined || growth.size !== action.parameters['size']) return;
  const { operation } = growth;
  if (cause === undefined) suggest(draft, action.deed, { kind: 'lun.grown', name, operation });
  else if (isFinal(draft.state, action, cause))
    suggest(draft, action.deed, { kind: 'lun.growFailed', name, operation, failure: cause });
}

/** What cannot succeed by being repeated, or was repeated often enough. */
function isFinal(state: EngineState, { node, resource }: OperationAction, cause: Failure): boolean {
  if (cause.code === 'pool_full' || cause.code === 'volume_foreign') return true;
  const failures = state.status.nodes[node]?.instances[resource]?.failures;
  return failures !== undefined && failures.count >= DEED_ATTEMPTS;
}

function suggest(draft: Draft, name: string, command: Command): void {
  if (!mayMulticast(draft, name)) return;
  propose(draft, { id: uniqueName(draft, 'entry'), at: timeOfDayNow(draft), by: 'engine', command });
}

function due(draft: Draft): readonly (readonly [string, Command])[] {
  const { state } = draft;
  const config = state.config.current;
  return [
    ...carriedOn(state),
    ...dueOfTests(draft),
    ...dueOfHistory(draft),
    ...dueOfPowerOn(draft),
    ...dueOfPortals(state),
    ...dueOfWitness(state),
    ...dueOfReplacement(state),
    ...dueOfSplits(state),
    ...dueOfRecoveries(state),
    ...beingMade(config).flatMap((lun) => finishedCreation(state, lun)),
    ...Object.values(config.pools).flatMap((pool) => reunited(draft, pool)),
  ];
}

const carriedOn = (state: EngineState): readonly (readonly [string, Command])[] =>
  isToBeCarriedOn(state)
    ? [[`carry on in ${state.view.generation}`, { kind: 'cluster.carriedOn', without: nodesOff(state) }]]
    : [];

const beingMade = remembered(({ luns, operations }: ClusterConfig): readonly LunIntent[] =>
  Object.values(luns).filter(
    (lun) => lun.state === 'ready' && operations[lun.operation]?.state === 'running',
  ),
);

/** A LUN's creation is over when it is exported, or when no node is left that may export it. */
function finishedCreation(state: EngineState, lun: LunIntent): readonly (readonly [string, Command])[] {
  const instances = online(state).map((node) => node.instances[`lun-${lun.name}`]);
  const name = `finish ${lun.operation}`;
  if (
    instances.some(
      (instance) => instance?.observation !== 'unknown' && instance?.observation.state === 'running',
    )
  )
    return [[name, { kind: 'operation.finished', id: lun.operation, failure: undefined }]];
  const failures = instances.map((instance) => instance?.failures);
  const last = failures.find((failure) => failure !== undefined && failure.count >= 3);
  return last === undefined
    ? []
    : [[name, { kind: 'operation.finished', id: lun.operation, failure: last.failure }]];
}

/** Before a node may go on alone (its DRBD waits for that) the pool is written down as its own, by itself. */
function claimAlone(draft: Draft, pool: PoolIntent): void {
  const { state } = draft;
  // Where another one has the current data, a handler that still waits belongs to a mirror of before.
  if (pool.solo !== undefined || !waitsToGoOnAlone(draft, pool)) return;
  suggest(draft, `solo ${pool.name}`, { kind: 'pool.solo', name: pool.name, node: state.self });
}

/** This node's DRBD waits for the peer's fencing, and the peer is confirmed off, or takes no part. */
const waitsToGoOnAlone = ({ state, now }: Draft, pool: PoolIntent): boolean =>
  Object.values(state.requests).some(
    ({ waitsFor }) =>
      waitsFor.kind === 'fence' &&
      waitsFor.pool === pool.name &&
      (state.status.nodes[waitsFor.target]?.state === 'offline' ||
        isOutOfIt(state, now, pool.name, waitsFor.target)),
  );

/** When both disks were seen UpToDate and connected, the pool belongs to both again. */
function reunited(draft: Draft, pool: PoolIntent): readonly (readonly [string, Command])[] {
  const { state } = draft;
  if (pool.solo === undefined || waitsToGoOnAlone(draft, pool)) return [];
  // The end of a replacement says so itself.
  if (isReplacing(state.config.current.replacement, pool.name)) return [];
  return isCurrentOnBoth(state, pool.name)
    ? [[`reunite ${pool.name}`, { kind: 'pool.solo', name: pool.name, node: undefined }]]
    : [];
}

const online = (state: EngineState): readonly NodeStatus[] =>
  Object.values(state.status.nodes).filter((node) => node.state === 'online');

const failuresOf = remembered(
  (instances: NodeStatus['instances']): readonly (readonly [ResourceId, ResourceFailures])[] =>
    Object.entries(instances).flatMap(([resource, { failures }]) =>
      failures === undefined ? [] : [[resource, failures] as const],
    ),
);

/** In milliseconds; undefined: only a person, or a fencing, ends it. */
function forgottenAfter(
  config: ClusterConfig,
  resource: ResourceId,
  { operation, failure: { code } }: ResourceFailures,
): number | undefined {
  // What only a fencing can end is not undone by time; what was asked to stay as it is stays so.
  if (onFailOf(config, resource, operation) === 'fence') return undefined;
  const asked = policyOf(config, resource).failureTimeout;
  if (asked !== undefined) return asked;
  if (isLasting(config, resource, operation)) return undefined;
  const isSoon = operation === 'monitor' || isMendedElsewhere(code);
  return FAILURE_FORGOTTEN[isSoon ? 'soon' : 'late'] * config.properties.patience;
}

function forgetFailures(draft: Draft): void {
  const { config } = draft.state;
  for (const [node, { instances }] of Object.entries(draft.state.status.nodes)) {
    for (const [resource, failures] of failuresOf(instances)) {
      const limit = forgottenAfter(config.current, resource, failures);
      if (limit === undefined) continue;
      const left = failures.lastAt + limit - draft.now;
      const name = `forget ${node} ${resource}`;
      if (left > 0) timer(draft, name, milliseconds(left + 10));
      else if (mayMulticast(draft, name)) multicast(draft, { kind: 'cleanup', node, resource });
    }
  }
}
