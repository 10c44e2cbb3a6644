import {
  failure,
  RECOVERY_ATTEMPTS,
  type Command,
  type Failure,
  type NodeName,
  type OperationRecord,
  type PoolIntent,
  type PoolRecovery,
} from '../../model/index.ts';
import { otherOf } from '../config/index.ts';
import type { OperationAction } from '../controller/messages.ts';
import type { EngineState } from '../controller/state.ts';
import { factsOf, isCurrentOnBoth, syncOf } from '../replacement/progress.ts';

/** By the DC, at every step: what comes next of recoveries, as changes of the configuration. */
export const dueOfRecoveries = (state: EngineState): readonly (readonly [string, Command])[] =>
  Object.values(state.config.current.pools).flatMap((pool) => {
    const next = pool.recovery && nextOf(state, pool, pool.recovery);
    return next === undefined ? [] : [[`${next.kind} ${pool.name}`, next]];
  });

function nextOf(state: EngineState, pool: PoolIntent, recovery: PoolRecovery): Command | undefined {
  const { name, split } = pool;
  const { phase, operation } = recovery;
  if (phase === 'fill') {
    if (split !== undefined) return { kind: 'recover.failed', name, operation, failure: parted(name) };
    return isCurrentOnBoth(state, name) ? { kind: 'recover.done', name, operation } : undefined;
  }
  if (isBusy(state, name)) return undefined;
  // It need not be told to look for its peer where it does so already.
  if (phase === 'survivor' && isLooking(state, name, otherOf(pool, recovery.discard) ?? ''))
    return { kind: 'recover.step', name, operation, phase: 'meet' };
  if (phase !== 'meet' || !haveParted(state, pool)) return undefined;
  return recovery.attempt < RECOVERY_ATTEMPTS
    ? { kind: 'recover.step', name, operation, phase: 'victim' }
    : { kind: 'recover.failed', name, operation, failure: parted(name) };
}

const parted = (pool: string): Failure =>
  failure('recovery_failed', `the copies of pool ${pool} met and parted again`);

const isBusy = ({ inFlight }: EngineState, pool: string): boolean =>
  Object.values(inFlight).some(({ resource }) => resource === `drbd-${pool}`);

const isLooking = (state: EngineState, pool: string, node: NodeName): boolean => {
  const { connection } = factsOf(state, pool, node);
  return (
    state.status.nodes[node]?.state === 'online' && connection !== undefined && connection !== 'StandAlone'
  );
};

/** One of them has given the connection up; as long as they wait for each other, they may still meet. */
const haveParted = (state: EngineState, { name, disks }: PoolIntent): boolean =>
  Object.keys(disks).some(
    (node) =>
      state.status.nodes[node]?.state === 'online' &&
      factsOf(state, name, node)['connection'] === 'StandAlone',
  );

/** What cannot be mended by being repeated. */
const FINAL: readonly Failure['code'][] = ['recovery_victim_serves', 'pool_not_split'];

/** A node was told to connect, and has answered; `isFinal`: it was told often enough. undefined: it is late. */
export function afterReconnection(
  { config }: EngineState,
  { deed, resource }: OperationAction,
  cause: Failure | undefined,
  isFinal: boolean,
): Command | undefined {
  const pool = Object.values(config.current.pools).find(({ name }) => resource === `drbd-${name}`);
  const isPresent = config.blueprint.deeds.some(({ id }) => id === deed);
  if (pool?.recovery === undefined || !isPresent) return undefined;
  const { name } = pool;
  const { operation, phase } = pool.recovery;
  if (cause === undefined)
    return { kind: 'recover.step', name, operation, phase: phase === 'victim' ? 'survivor' : 'meet' };
  return isFinal || FINAL.includes(cause.code)
    ? { kind: 'recover.failed', name, operation, failure: cause }
    : undefined;
}

/** With what holds it up, or how far the copy is filled. */
export function recoveryView(state: EngineState, record: OperationRecord): OperationRecord {
  const pool = state.config.current.pools[record.subject];
  if (record.state !== 'running' || pool?.recovery?.operation !== record.id) return record;
  const more = holdUpOf(state, pool, pool.recovery);
  return more === undefined ? record : { ...record, progress: `${record.progress ?? ''}; ${more}` };
}

export function holdUpOf(
  state: EngineState,
  pool: PoolIntent,
  { discard, phase }: PoolRecovery,
): string | undefined {
  const survivor = otherOf(pool, discard) ?? '';
  for (const node of [discard, survivor]) {
    const { state: present = 'absent', instances } = state.status.nodes[node] ?? {};
    if (present !== 'online') return `it waits for ${node}, which is ${present}`;
    if (!isStarted(state, pool, node)) return `it waits until the mirror of ${node} is started`;
    const failed = instances?.[`drbd-${pool.name}`]?.failures;
    if (failed?.operation === 'reconnect') return `${node}: ${failed.failure.message}`;
  }
  if (phase === 'fill') return syncOf(state, pool.name, discard);
  return phase === 'meet' ? 'they wait for each other over the replication network' : undefined;
}

const isStarted = (state: EngineState, { name }: PoolIntent, node: NodeName): boolean =>
  factsOf(state, name, node)['connection'] !== undefined;
