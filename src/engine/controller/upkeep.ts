import {
  milliseconds,
  type ClusterConfig,
  type Command,
  type Failure,
  type LunIntent,
  type NodeStatus,
  type PoolIntent,
} from '../../model/index.ts';
import { propose } from './configuration.ts';
import { noLongerWanted, repeatWishes } from '../fencing/fencing.ts';
import { isController, mayMulticast, multicast, timer, uniqueName } from './draft.ts';
import type { OperationAction, OperationOutcome } from './messages.ts';
import type { Draft, EngineState } from './state.ts';

/** A deed that failed this often is given up. */
const DEED_ATTEMPTS = 3;
/** Failures are forgotten after this many milliseconds, so that what healed is tried again without a person. */
const FAILURE_FORGOTTEN = { monitor: 30_000, other: 600_000 };

/**
 * What the DC has to write into the configuration because the world fulfilled it (or could not). Derived from what is,
 * at every step: a proposal that got lost is simply made again.
 */
export function upkeep(draft: Draft): void {
  if (!draft.state.view.complete || draft.state.ring.quorate !== true) return;
  repeatWishes(draft);
  for (const pool of Object.values(draft.state.config.current.pools)) claimAlone(draft, pool);
  if (!isController(draft.state)) return;
  for (const [name, command] of due(draft.state)) suggest(draft, name, command);
  for (const { target, reason } of noLongerWanted(draft.state))
    if (mayMulticast(draft, `withdraw ${target}`))
      multicast(draft, { kind: 'fence-withdrawn', target, reason });
  forgetFailures(draft);
}

/** A deed was done, or failed: told to the configuration at once. */
export function onDeedOutcome(draft: Draft, action: OperationAction, outcome: OperationOutcome): void {
  if (action.deed === undefined || !isController(draft.state)) return;
  const { failure } = outcome;
  const lun = action.parameters['lun'];
  if (typeof lun === 'string') {
    if (action.operation === 'remove' && failure === undefined)
      suggest(draft, action.deed, { kind: 'lun.deleted', name: lun });
    // Its failures are those of a LUN that is not to be any more.
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
    return;
  }
  if (action.agent !== 'lvm' || failure !== undefined) return;
  const pool = Object.values(draft.state.config.current.pools).find(
    ({ name }) => action.resource === `lvm-${name}`,
  );
  if (pool !== undefined) suggest(draft, action.deed, { kind: 'pool.initialised', name: pool.name });
}

/** What cannot succeed by being repeated, or was repeated often enough. */
function isFinal(state: EngineState, { node, resource }: OperationAction, cause: Failure): boolean {
  if (cause.code === 'pool_full' || cause.code === 'volume_foreign') return true;
  const failures = state.status.nodes[node]?.instances[resource]?.failures;
  return failures !== undefined && failures.count >= DEED_ATTEMPTS;
}

function suggest(draft: Draft, name: string, command: Command): void {
  if (!mayMulticast(draft, name)) return;
  propose(draft, { id: uniqueName(draft, 'entry'), at: draft.now, by: 'engine', command });
}

function due(state: EngineState): readonly (readonly [string, Command])[] {
  const config = state.config.current;
  return [
    ...Object.values(config.luns).flatMap((lun) => finishedCreation(state, config, lun)),
    ...Object.values(config.pools).flatMap((pool) => reunited(state, pool)),
  ];
}

/** A LUN's creation is over when it is exported, or when no node is left that may export it. */
function finishedCreation(
  state: EngineState,
  config: ClusterConfig,
  lun: LunIntent,
): readonly (readonly [string, Command])[] {
  if (lun.state !== 'ready' || config.operations[lun.operation]?.state !== 'running') return [];
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
  if (pool.solo === state.self || !waitsToGoOnAlone(state, pool)) return;
  suggest(draft, `solo ${pool.name}`, { kind: 'pool.solo', name: pool.name, node: state.self });
}

/** This node's DRBD waits for the peer's fencing, and the peer is confirmed off. */
const waitsToGoOnAlone = (state: EngineState, pool: PoolIntent): boolean =>
  Object.values(state.requests).some(
    ({ waitsFor }) =>
      waitsFor.kind === 'fence' &&
      waitsFor.pool === pool.name &&
      state.status.nodes[waitsFor.target]?.state === 'offline',
  );

/** When both disks were seen UpToDate and connected, the pool belongs to both again. */
function reunited(state: EngineState, pool: PoolIntent): readonly (readonly [string, Command])[] {
  if (pool.solo === undefined || waitsToGoOnAlone(state, pool)) return [];
  const allCurrent = Object.values(state.status.nodes).every((node) => {
    const seen = node.instances[`drbd-${pool.name}`]?.observation;
    if (node.state !== 'online' || seen === undefined || seen === 'unknown') return false;
    return seen.facts?.['disk'] === 'UpToDate' && seen.facts['connection'] === 'Connected';
  });
  return allCurrent
    ? [[`reunite ${pool.name}`, { kind: 'pool.solo', name: pool.name, node: undefined }]]
    : [];
}

const online = (state: EngineState): readonly NodeStatus[] =>
  Object.values(state.status.nodes).filter((node) => node.state === 'online');

function forgetFailures(draft: Draft): void {
  const { config } = draft.state;
  for (const [node, { instances }] of Object.entries(draft.state.status.nodes)) {
    for (const [resource, { failures }] of Object.entries(instances)) {
      if (failures === undefined || failures.operation === 'stop' || failures.operation === 'demote')
        continue;
      const limit = failures.operation === 'monitor' ? FAILURE_FORGOTTEN.monitor : FAILURE_FORGOTTEN.other;
      const left = failures.lastAt + limit * config.current.properties.patience - draft.now;
      const name = `forget ${node} ${resource}`;
      if (left > 0) timer(draft, name, milliseconds(left + 10));
      else if (mayMulticast(draft, name)) multicast(draft, { kind: 'cleanup', node, resource });
    }
  }
}
