import { milliseconds, type Failure, type NodeName, type NodeStatus } from '../../model/index.ts';
import {
  change,
  changeNode,
  isController,
  mayMulticast,
  multicast,
  note,
  peerOf,
  sentence,
  tell,
  timer,
  without,
} from '../controller/draft.ts';
import type { Message } from '../controller/messages.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { answerConfirmed } from './by-hand.ts';
import { isCondemned } from './condemned.ts';
import { noteFencing } from './history.ts';
import { lifeOf } from './life.ts';
import { beginFencing, isUnderWay } from './performing.ts';
import { replicationBroken } from './replication.ts';
import { testedLevel } from './testing.ts';

/** Between attempts, in seconds; then the last one for ever. */
const BACKOFF = [1, 2, 5, 10, 20];
/** An attempt that is due while there is no quorum waits for it. */
const QUORUM_AGAIN = milliseconds(2000);

/**
 * The DC's wish to fence a node, from the transition. Never two fencings of one node at once: a wish while one runs
 * or waits for its next attempt is the same fencing.
 */
export function wantFencing(draft: Draft, target: NodeName, reason: string): void {
  const fencing = draft.state.status.nodes[target]?.fencing;
  if (fencing?.state === 'running' || fencing?.state === 'failing') return;
  orderFencing(draft, target, reason);
}

function orderFencing(draft: Draft, target: NodeName, reason: string): void {
  const by = performer(draft.state, target);
  if (by === undefined) {
    note(draft, 'error', `${target} must be fenced, and no other node is online to do it`);
    return;
  }
  if (!mayMulticast(draft, `fence ${target}`)) return;
  const { generation } = draft.state.view;
  const level = testedLevel(draft.state, target);
  multicast(draft, { kind: 'fence-order', generation, target, by, reason, level });
}

/**
 * The DC itself, or where it is the target any other online node; after attempts that failed, the next one: it may
 * reach a device that the others do not.
 */
function performer(state: EngineState, target: NodeName): NodeName | undefined {
  const others = Object.entries(state.status.nodes)
    .filter(([name, node]) => name !== target && name !== state.self && mayFence(node))
    .map(([name]) => name);
  const isLeaving = state.status.nodes[state.self]?.leaving !== undefined;
  const candidates = target === state.self || isLeaving ? others : [state.self, ...others];
  const fencing = state.status.nodes[target]?.fencing;
  const failed = fencing?.state === 'failing' ? fencing.attempts : 0;
  return candidates.length === 0 ? undefined : candidates[failed % candidates.length];
}

/** Whoever leaves in order takes nothing over, and so puts nobody out. */
const mayFence = ({ state, leaving }: NodeStatus): boolean => state === 'online' && leaving === undefined;

export function onFenceOrder(draft: Draft, order: Extract<Message, { kind: 'fence-order' }>): void {
  const { target, by, reason, level } = order;
  if (!isCondemned(draft.state, target)) return;
  const before = draft.state.status.nodes[target]?.fencing;
  const attempts = (before?.state === 'confirmed' ? 0 : (before?.attempts ?? 0)) + 1;
  changeNode(draft, target, (node) => ({
    ...node,
    fencing: {
      state: 'running',
      reason,
      since: before?.since ?? draft.now,
      attempts,
      by,
      failure: before?.failure,
    },
  }));
  if (attempts === 1) tell(draft, 'fencing.started', { node: target }, `${by} fences ${target}: ${reason}`);
  if (by !== draft.state.self) return;
  const mine = draft.state.fencing[target];
  // What was asked of an earlier life of it proves nothing of this one, however late it is answered (S2).
  if (mine !== undefined && isUnderWay(mine) && mine.life === lifeOf(draft.state, target)) return;
  beginFencing(draft, { target, reason, attempt: attempts, only: level });
}

type Outcome = Extract<Message, { kind: 'fence-outcome' }>;

/** Every node learns it in the same order. */
export function onFenceOutcome(draft: Draft, told: Outcome): void {
  const { target, by, outcome } = told;
  if (!outcome.confirmed) return onFailed(draft, target, outcome.failure);
  onConfirmed(draft, told, outcome);
  if (isByHand(outcome) && by === draft.state.self) answerConfirmed(draft, target);
}

/** Nothing of that node runs any more, whatever it was doing. */
function onConfirmed(
  draft: Draft,
  { target, by, life }: Pick<Outcome, 'target' | 'by' | 'life'>,
  outcome: Extract<Outcome['outcome'], { confirmed: true }>,
): void {
  const { devices } = outcome;
  const { status } = draft.state;
  if (lifeOf(draft.state, target) !== life) {
    // It was another life of it that was ended, whether this one is still there or lost again: decided anew (S2).
    note(draft, 'info', `${target} has come since it was to be fenced`);
    return changeNode(draft, target, (node) => ({
      ...node,
      fencing: node.fencing && { ...node.fencing, state: 'waiting', by: undefined },
    }));
  }
  const state = status.nodes[target]?.state;
  if (isByHand({ devices }) && state === 'offline') return;
  if (isByHand({ devices }) && state !== 'lost')
    return note(draft, 'warn', `${target} was said to be off, and has been heard since`);
  const inFlight = Object.fromEntries(
    Object.entries(draft.state.inFlight).filter(([, { node }]) => node !== target),
  );
  change(draft, { inFlight });
  noteFencing(draft, target, by, outcome);
  changeNode(draft, target, (node) => ({
    ...node,
    state: 'offline',
    since: draft.now,
    fenceWanted: undefined,
    instances: {},
    fencing: node.fencing && { ...node.fencing, state: 'confirmed', since: draft.now, failure: undefined },
  }));
  // What the one that is off wanted of those that go on is void.
  for (const other of wantedOnlyBy(draft.state, target))
    changeNode(draft, other, (node) => ({ ...node, fenceWanted: undefined }));
  const proof = isByHand({ devices })
    ? 'somebody has seen it, and said so'
    : `${devices.join(' and ')} confirmed it`;
  tell(draft, 'fencing.confirmed', { node: target }, `${target} is off: ${proof}`);
}

const isByHand = ({ devices }: { readonly devices: readonly string[] }): boolean => devices.length === 0;

function onFailed(draft: Draft, target: NodeName, cause: Failure): void {
  const fencing = draft.state.status.nodes[target]?.fencing;
  const attempts = fencing?.attempts ?? 1;
  changeNode(draft, target, (node) => ({
    ...node,
    fencing: node.fencing && { ...node.fencing, state: 'failing', failure: cause },
  }));
  change(draft, { proposed: without(draft.state.proposed, `fence ${target}`) });
  tell(
    draft,
    'fencing.failed',
    { node: target },
    `Fencing ${target} failed (attempt ${attempts}): ${sentence(cause)}`,
  );
  const wait = BACKOFF[Math.min(attempts, BACKOFF.length) - 1] ?? 20;
  if (isController(draft.state)) timer(draft, `fence-retry ${target}`, milliseconds(wait * 1000));
}

export function onFenceRetry(draft: Draft, target: NodeName): void {
  const node = draft.state.status.nodes[target];
  if (!isController(draft.state) || node?.fencing?.state !== 'failing') return;
  // Whoever has lost quorum meanwhile may be the one that is to be fenced (S3).
  if (draft.state.ring.quorate !== true) return timer(draft, `fence-retry ${target}`, QUORUM_AGAIN);
  const { reason } = node.fencing;
  if (isCondemned(draft.state, target)) return orderFencing(draft, target, reason);
  multicast(draft, { kind: 'fence-withdrawn', target, reason });
}

export function onFenceWanted(draft: Draft, target: NodeName, reason: string): void {
  const node = draft.state.status.nodes[target];
  if (node === undefined || node.state === 'offline' || node.fenceWanted !== undefined) return;
  changeNode(draft, target, (status) => ({ ...status, fenceWanted: reason }));
  tell(draft, 'fencing.wanted', { node: target }, `${target} must be fenced: ${reason}`);
}

export function onFenceWithdrawn(draft: Draft, target: NodeName, reason: string): void {
  if (draft.state.status.nodes[target]?.fenceWanted === reason)
    changeNode(draft, target, (status) => ({ ...status, fenceWanted: undefined }));
  if (isCondemned(draft.state, target)) return;
  changeNode(draft, target, (status) => ({
    ...status,
    fencing: status.fencing?.state === 'confirmed' ? status.fencing : undefined,
  }));
  note(draft, 'info', `${target} need not be fenced any more: ${reason}, but not any longer`);
}

/** Of two nodes whatever is wanted of one is the other's wish; of more, the end of a broken replication to it. */
function wantedOnlyBy(state: EngineState, node: NodeName): readonly NodeName[] {
  const others = Object.keys(state.status.nodes).filter((name) => name !== node);
  if (others.length === 1) return others;
  const reasons = Object.keys(state.config.current.pools)
    .filter((pool) => peerOf(state, pool, node) !== undefined)
    .map(replicationBroken);
  return others.filter((name) => reasons.includes(state.status.nodes[name]?.fenceWanted ?? ''));
}
