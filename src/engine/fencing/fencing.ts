import {
  failure,
  milliseconds,
  within,
  type FenceDevice,
  type NodeName,
  type NodeStatus,
  type Result,
} from '../../model/index.ts';
import {
  change,
  changeNode,
  isController,
  mayMulticast,
  multicast,
  note,
  peerOf,
  scaled,
  sentence,
  tell,
  timer,
  uniqueName,
  without,
} from '../controller/draft.ts';
import { fatalFailure, isInMaintenance } from '../planner/index.ts';
import type { FenceOutcome, Message } from '../controller/messages.ts';
import { replicationBroken } from './replication.ts';
import {
  parametersOfFenceDevice,
  type Draft,
  type EngineState,
  type FencingWork,
} from '../controller/state.ts';

/** One call of a device, in seconds. */
export const DEVICE_TIMEOUT = 20;
/** Between attempts, in seconds; then the last one for ever. */
const BACKOFF = [1, 2, 5, 10, 20];
/** An attempt that is due while there is no quorum waits for it. */
const QUORUM_AGAIN = milliseconds(2000);
/** How often power is switched on again after a confirmed fencing, before that is left to a person. */
const RESTORE_ATTEMPTS = 5;

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
  const boot = draft.state.boots[target];
  const { generation } = draft.state.view;
  multicast(draft, { kind: 'fence-order', generation, target, by, reason, boot });
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
  const { target, by, reason, boot } = order;
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
  // What is under way for an earlier life of it proves nothing of this one, however late it is answered (S2).
  if (mine !== undefined && mine.step !== 'restoring' && mine.boot === boot) return;
  perform(draft, { target, reason, step: 'checking', attempt: attempts, boot, call: undefined });
}

/**
 * First the device is asked: where the power is off already, that is the proof, without a switch and without a delay.
 * Otherwise a node that serves no data gives the other one a head start, so that a fence race has one winner.
 */
function perform(draft: Draft, work: FencingWork): void {
  const device = deviceOf(draft.state, work.target);
  if (device === undefined)
    return finish(draft, work, {
      confirmed: false,
      failure: failure('fence_device_missing', `${work.target} has no fence device`),
    });
  change(draft, { fencing: { ...draft.state.fencing, [work.target]: work } });
  switch (work.step) {
    case 'checking':
      return callDevice(draft, work, device, 'status');
    case 'delaying': {
      const { fenceDelay } = draft.state.config.current.properties;
      return timer(draft, `fence-delay ${work.target}`, scaled(draft.state, fenceDelay));
    }
    case 'switching':
      return callDevice(draft, work, device, 'off');
    case 'restoring':
      return callDevice(draft, work, device, 'on');
  }
}

function callDevice(
  draft: Draft,
  work: FencingWork,
  device: FenceDevice,
  verb: 'off' | 'on' | 'status',
): void {
  const call = uniqueName(draft, `fence-${verb}`);
  change(draft, { fencing: { ...draft.state.fencing, [work.target]: { ...work, call } } });
  draft.effects.push({
    kind: 'fence',
    work: call,
    agent: 'fence-ipmi',
    verb,
    parameters: parametersOfFenceDevice(device),
    timeout: scaled(draft.state, DEVICE_TIMEOUT * 1000),
  });
}

export function onFenced(draft: Draft, call: string, result: Result<'on' | 'off'>): void {
  const work = Object.values(draft.state.fencing).find((candidate) => candidate.call === call);
  if (work === undefined) return;
  const { target } = work;
  if (work.step !== 'restoring' && !isStillDue(draft.state, target)) return forget(draft, target);
  switch (work.step) {
    case 'checking':
      if (result.ok && result.value === 'off') return confirm(draft, work);
      return perform(draft, { ...work, step: mayRace(draft.state) ? 'delaying' : 'switching' });
    case 'delaying':
      return;
    case 'switching':
      if (result.ok && result.value === 'off') return confirm(draft, work);
      return finish(draft, work, {
        confirmed: false,
        failure: result.ok
          ? failure('fence_not_confirmed', `the device says that the power of ${target} is still on`)
          : within(`fencing ${target}`, result.failure),
      });
    case 'restoring':
      return onRestored(draft, work, result);
  }
}

export function onFenceDelay(draft: Draft, target: NodeName): void {
  const work = draft.state.fencing[target];
  if (work?.step !== 'delaying') return;
  if (isStillDue(draft.state, target)) perform(draft, { ...work, step: 'switching' });
  else forget(draft, target);
}

/** The target may have come back meanwhile, and be trusted again: then it is left alone. */
function isStillDue(state: EngineState, target: NodeName): boolean {
  const fencing = state.status.nodes[target]?.fencing;
  return !state.view.complete || (fencing?.state === 'running' && fencing.by === state.self);
}

/** Proof of power off (S2). It is told first; then the node gets its power back, to come up with nothing running. */
function confirm(draft: Draft, work: FencingWork): void {
  finish(draft, work, { confirmed: true });
  perform(draft, { ...work, step: 'restoring', attempt: 1 });
}

function onRestored(draft: Draft, work: FencingWork, result: Result<'on' | 'off'>): void {
  if (!result.ok && work.attempt < RESTORE_ATTEMPTS) {
    note(draft, 'warn', `${work.target} could not be switched on: ${result.failure.message}`);
    change(draft, {
      fencing: { ...draft.state.fencing, [work.target]: { ...work, attempt: work.attempt + 1 } },
    });
    return timer(draft, `fence-restore ${work.target}`, milliseconds(5000));
  }
  if (!result.ok)
    note(draft, 'error', `${work.target} stays off: ${sentence(result.failure)}; switch it on by hand`);
  forget(draft, work.target);
}

export function onFenceRestore(draft: Draft, target: NodeName): void {
  const work = draft.state.fencing[target];
  if (work?.step === 'restoring') perform(draft, work);
}

function finish(draft: Draft, { target, boot }: FencingWork, outcome: FenceOutcome): void {
  forget(draft, target);
  multicast(draft, { kind: 'fence-outcome', target, by: draft.state.self, outcome, boot });
}

function forget(draft: Draft, target: NodeName): void {
  change(draft, { fencing: without(draft.state.fencing, target) });
}

/** Every node learns it in the same order. Confirmed: nothing of that node runs any more, whatever it was doing. */
export function onFenceOutcome(
  draft: Draft,
  target: NodeName,
  outcome: FenceOutcome,
  boot: string | undefined,
): void {
  const { boots } = draft.state;
  if (outcome.confirmed && boots[target] !== boot) {
    // It was another life of it that was ended, whether this one is still there or lost again: decided anew (S2).
    note(draft, 'info', `${target} has booted anew since it was to be fenced`);
    return changeNode(draft, target, (node) => ({
      ...node,
      fencing: node.fencing && { ...node.fencing, state: 'waiting', by: undefined },
    }));
  }
  if (outcome.confirmed) {
    const inFlight = Object.fromEntries(
      Object.entries(draft.state.inFlight).filter(([, { node }]) => node !== target),
    );
    change(draft, { inFlight });
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
    return tell(
      draft,
      'fencing.confirmed',
      { node: target },
      `${target} is off: its fence device has confirmed it`,
    );
  }
  const fencing = draft.state.status.nodes[target]?.fencing;
  const attempts = fencing?.attempts ?? 1;
  changeNode(draft, target, (node) => ({
    ...node,
    fencing: node.fencing && { ...node.fencing, state: 'failing', failure: outcome.failure },
  }));
  change(draft, { proposed: without(draft.state.proposed, `fence ${target}`) });
  tell(
    draft,
    'fencing.failed',
    { node: target },
    `Fencing ${target} failed (attempt ${attempts}): ${sentence(outcome.failure)}`,
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

/** For one of the reasons for which the scheduler has a node fenced. */
function isCondemned(state: EngineState, target: NodeName): boolean {
  const node = state.status.nodes[target];
  if (node === undefined || node.state === 'offline') return false;
  const wishes = state.config.current;
  if (node.state === 'lost') return true;
  if (isInMaintenance(wishes, target)) return false;
  return node.fenceWanted !== undefined || fatalFailure(wishes, target, node) !== undefined;
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

export const deviceOf = (state: EngineState, node: NodeName): FenceDevice | undefined =>
  Object.values(state.config.current.fenceDevices).find((device) => device.node === node);

/** Of more than two nodes only those that are the majority fence at all: there is nobody to race with. */
const mayRace = (state: EngineState): boolean =>
  Object.keys(state.config.current.nodes).length === 2 && !servesData(state);

function servesData(state: EngineState): boolean {
  const instances = state.status.nodes[state.self]?.instances ?? {};
  return Object.values(instances).some(
    ({ observation }) => observation !== 'unknown' && observation.state === 'promoted',
  );
}
