import { failed, failure, type NodeName, type NodeStatus } from '../../model/index.ts';
import { isTakenAway } from '../config/index.ts';
import { durableRevision } from '../controller/configuration.ts';
import { mayMulticast, multicast, reply } from '../controller/draft.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { isUnmanaged } from '../planner/index.ts';
import { isPromoting, isSpared, mustNotPromote } from './promotion.ts';

/** Why the peer of a pool that has lost it must be fenced. */
export const replicationBroken = (pool: string): string => `the replication of pool ${pool} to it is broken`;

/** Fencing that was wanted for a broken replication, which has mended before it could be done. */
export function noLongerWanted(
  state: EngineState,
): readonly { readonly target: NodeName; readonly reason: string }[] {
  return Object.entries(state.config.current.pools).flatMap(([pool, { disks }]) => {
    const reason = replicationBroken(pool);
    const ends = Object.keys(disks);
    // The two ends notice a loss at different times: mended is what both see mended.
    const isMended = ends.every((end) => {
      const node = state.status.nodes[end];
      return node?.state === 'online' && replicates(node, pool);
    });
    if (!isMended) return [];
    return ends
      .filter((target) => state.status.nodes[target]?.fenceWanted === reason)
      .map((target) => ({ target, reason }));
  });
}

/** As its kernel was last seen: connected to the peer, and not waiting for any fencing. */
export function replicates(node: NodeStatus | undefined, pool: string): boolean {
  const seen = node?.instances[`drbd-${pool}`]?.observation;
  if (seen === undefined || seen === 'unknown' || seen.facts === undefined) return false;
  const connection = String(seen.facts['connection']);
  return seen.facts['suspended'] !== 'yes' && /^(Connected|(Paused)?Sync|Verify)/.test(connection);
}

/** While this node's DRBD waits for it, the wish is repeated, whatever became of the first one. */
export function repeatWishes(draft: Draft): void {
  const { status, requests } = draft.state;
  for (const { waitsFor } of Object.values(requests)) {
    if (waitsFor.kind !== 'fence' || isWhole(draft.state, waitsFor.pool, waitsFor.target)) continue;
    const { target, pool, promotes } = waitsFor;
    const node = status.nodes[target];
    if (node === undefined || node.state === 'offline' || node.fenceWanted !== undefined) continue;
    if (!mayWish(draft, pool, target, promotes)) continue;
    if (mayMulticast(draft, `wish ${target}`)) wish(draft, pool, target);
  }
}

/**
 * Only for the view that it is told in: where it comes late, its target may have just come and be about to mend what is
 * broken. What is wanted still is told again.
 */
export const wish = (draft: Draft, pool: string, target: NodeName): void => {
  const { generation } = draft.state.view;
  multicast(draft, { kind: 'fence-wanted', target, reason: replicationBroken(pool), generation });
};

/** A replication that breaks while it is left alone is no reason to put its peer out: it waits, and so does its I/O. */
const isLeftAlone = (state: EngineState, pool: string, target: NodeName): boolean =>
  isUnmanaged(state.config.current, `drbd-${pool}`, target) ||
  isUnmanaged(state.config.current, `drbd-${pool}`, state.self);

/** A node that has come is given so long to take up the replication again, in milliseconds. */
const TAKEN_UP = 15_000;

/**
 * Whether the peer may be put out for the broken replication. Whoever has just come starts its mirror first, which mends
 * what is broken; if it were to be fenced it would not be started, and where its fence device is out of order all I/O
 * would stand still although both nodes are well.
 */
export const mayWish = ({ state, now }: Draft, pool: string, target: NodeName, promotes: boolean): boolean =>
  !hasJustCome(state, now, target) &&
  !isLeftAlone(state, pool, target) &&
  !isOutOfIt(state, now, pool, target) &&
  !isComingWithNewDisk(state, pool, target) &&
  !(promotes && isSpared(state, pool, target));

/**
 * A disk that has failed is taken down without being outdated first, and the Primary asks: that the mirror is down there
 * is the answer; and when it comes back with the new disk, that mends it.
 */
function isComingWithNewDisk({ config, status }: EngineState, pool: string, target: NodeName): boolean {
  const { replacement } = config.current;
  const node = status.nodes[target];
  if (replacement?.node !== target || replacement.disks[pool] === undefined) return false;
  const seen = node?.instances[`drbd-${pool}`]?.observation;
  return node?.state === 'online' && (seen === undefined || seen === 'unknown' || seen.state !== 'running');
}

const hasJustCome = ({ status }: EngineState, now: number, target: NodeName): boolean => {
  const node = status.nodes[target];
  return node?.state === 'online' && now - node.since < TAKEN_UP;
};

/**
 * The peer is well, and its mirror is down, as its engine has seen it, where nobody starts it: it is in standby, its disk is
 * being replaced, or it had its time. It gets nothing of what is written from now on, and gives nothing of what it has; to put it out would change
 * nothing but that it is out.
 */
export function isOutOfIt(
  { view, status, config, inFlight }: EngineState,
  now: number,
  pool: string,
  target: NodeName,
): boolean {
  const node = status.nodes[target];
  const mirror = `drbd-${pool}`;
  const seen = node?.instances[mirror]?.observation;
  if (!view.complete || node?.state !== 'online' || seen === undefined || seen === 'unknown') return false;
  if (seen.state !== 'stopped') return false;
  if (Object.values(inFlight).some((flight) => flight.node === target && flight.resource === mirror))
    return false;
  const isKeptAway =
    config.current.nodes[target]?.standby === true || isTakenAway(config.current, pool, target);
  return isKeptAway || now - node.since >= TAKEN_UP;
}

/** A promotion under way waits for the handler's answer, and keeps the mirror from being looked at. */
export const canLook = (state: EngineState, pool: string): boolean => !isPromoting(state, pool);

/** The replication is there, as far as can be seen: at the other end where nobody can look at this one. */
export function isWhole(state: EngineState, pool: string, target: NodeName): boolean {
  const { nodes } = state.status;
  if (canLook(state, pool)) return replicates(nodes[state.self], pool);
  return nodes[target]?.state === 'online' && replicates(nodes[target], pool);
}

/** The two ends notice a loss at different times, at most so many milliseconds apart. */
const NOTICED_BY_BOTH = 5000;

type Waiting = Extract<EngineState['requests'][number]['waitsFor'], { kind: 'fence' }>;

const isNeedless = (state: EngineState, { pool, target, promotes }: Waiting): boolean =>
  (promotes || !canLook(state, pool)) && isWhole(state, pool, target);

/** Requests of DRBD's handler that wait for this node's fencing and can be answered now. */
export function answerFencePeer(draft: Draft): void {
  const { state, now } = draft;
  for (const [id, { waitsFor }] of Object.entries(state.requests)) {
    if (waitsFor.kind !== 'fence') continue;
    const { pool, target, since, promotes } = waitsFor;
    const isRefused = promotes && mustNotPromote(state, pool, target);
    const exitCode = isRefused ? 6 : mayGoOnAlone(draft, pool, target);
    if (exitCode !== undefined) {
      reply(draft, Number(id), { ok: true, value: { exitCode } });
    } else if (isNeedless(state, waitsFor) && now - since >= NOTICED_BY_BOTH) {
      // A promotion that asked while the connection was being made need not wait for a fencing any more. Whoever asked
      // on would hold the kernel's one promotion until the next loss, and have this side outdated by its answer.
      reply(draft, Number(id), failed(failure('pool_connected', `pool ${pool} is connected to ${target}`)));
    }
  }
}

/**
 * DRBD may go on alone when its peer is confirmed off, or takes no part, and when it is on the disk of every online node
 * that only this one has the current data: a peer that comes back alone is then never promoted with old data (S4, S6).
 */
function mayGoOnAlone({ state, now }: Draft, pool: string, target: NodeName): 4 | 7 | undefined {
  const { current, stored } = state.config;
  if (current.pools[pool]?.solo !== state.self) return undefined;
  if (state.status.nodes[target]?.state === 'offline')
    return stored.revision >= current.revision ? 7 : undefined;
  // The configuration says that its data is outdated: on its own disk too, since it may be alone next.
  return isOutOfIt(state, now, pool, target) && durableRevision(state) >= current.revision ? 4 : undefined;
}
