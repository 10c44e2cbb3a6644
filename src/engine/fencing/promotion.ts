import type { NodeName, NodeStatus, PoolName, RequestOf } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';

type Role = NonNullable<RequestOf<'fence-peer'>['role']>;

/** By order of this engine, on this node. */
export function isPromoting({ executor }: EngineState, pool: PoolName): boolean {
  const work = executor.work.get(`drbd-${pool}`);
  return work?.kind === 'order' && work.action.operation === 'promote';
}

/**
 * Whether it is a promotion on this node that DRBD's handler asks for, and not a Primary that has lost its peer: by what
 * the handler has seen in the kernel at that moment, or else by what this engine has last seen. A promotion that this
 * engine has under way itself is one.
 */
export function isPromotion(state: EngineState, pool: PoolName, role?: Role): boolean {
  if (role !== undefined) return role === 'Secondary';
  return isPromoting(state, pool) || roleSeen(state.status.nodes[state.self], pool) === 'Secondary';
}

/**
 * The peer serves, or only it has the current data: whatever this node's copy was told to become, it must not be promoted
 * (S1, S4, S6), and the peer is not put out for having been there.
 */
export const mustNotPromote = (
  { view, status, config }: EngineState,
  pool: PoolName,
  peer: NodeName,
): boolean =>
  config.current.pools[pool]?.solo === peer ||
  (view.complete &&
    status.nodes[peer]?.state === 'online' &&
    roleSeen(status.nodes[peer], pool) === 'Primary');

/**
 * Nobody who is there is put out for a promotion where he may be the one that serves, or where none is under way: a
 * handler may ask on after the mirror was demoted or taken down.
 */
export const isSpared = (state: EngineState, pool: PoolName, node: NodeName): boolean => {
  const peer = state.status.nodes[node];
  return peer?.state === 'online' && (!isPromoting(state, pool) || roleSeen(peer, pool) !== 'Secondary');
};

/** As its engine has last told; undefined: it could not tell. */
function roleSeen(node: NodeStatus | undefined, pool: PoolName): Role | undefined {
  const seen = node?.instances[`drbd-${pool}`]?.observation;
  if (seen === undefined || seen === 'unknown') return undefined;
  if (seen.state === 'promoted' || seen.facts?.['role'] === 'Primary') return 'Primary';
  return seen.state === 'failed' ? undefined : 'Secondary';
}
