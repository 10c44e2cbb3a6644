import {
  canSwitchOn,
  failed,
  failure,
  milliseconds,
  within,
  type FenceDevice,
  type Failure,
  type Milliseconds,
  type NodeName,
  type OperationId,
  type Result,
} from '../../model/index.ts';
import { fenceActionOf } from '../config/index.ts';
import { change, multicast, note, sentence, timer, without } from '../controller/draft.ts';
import type { FenceOutcome } from '../controller/messages.ts';
import type { Draft, EngineState, FencingOrder, FencingWork } from '../controller/state.ts';
import { isCondemned } from './condemned.ts';
import { fenceDelay } from './head-start.ts';
import { callDevice, distrust, levelsOf } from './levels.ts';
import { lifeOf } from './life.ts';

/** How often power is switched on again after a confirmed fencing, before that is left to a person. */
const RESTORE_ATTEMPTS = 5;
/** Where a person waits for it: a board behind a feed that comes back with it answers after a minute or two. */
const POWER_ON_ATTEMPTS = 20;
const RESTORE_AGAIN = milliseconds(5000);

/**
 * What this node does to put another one out. Level by level its devices are asked first: where all of one level say
 * that the power is off already, that is the proof, without a switch and without a delay. Otherwise it waits for its
 * turn, so that a fence race has one winner. A level that fails is followed by the
 * next one at once; after the last one the attempt has failed.
 *
 * Whatever was switched off is switched on again, at the latest when nobody fences the node any more, unless it is to stay
 * off by policy: then only messages are cleared that the node would obey when it starts. A device that is
 * being told to switch on answers first: otherwise one feed could come back while the other one goes, and both be off
 * without the node ever being dark (S2).
 */
export function beginFencing(draft: Draft, ordered: FencingOrder): void {
  const before = draft.state.fencing[ordered.target];
  if (before?.step === 'restoring' && isWaiting(before)) return keep(draft, { ...before, next: ordered });
  const work: FencingWork = {
    ...ordered,
    life: lifeOf(draft.state, ordered.target),
    step: 'checking',
    level: 0,
    hasDelayed: false,
    calls: {},
    said: {},
    toRestore: before === undefined ? [] : switchedBy(draft.state, before),
    failures: [],
    askedAt: draft.now,
    took: milliseconds(0),
  };
  if (devicesOf(draft.state, work).length === 0)
    return finish(draft, work, {
      confirmed: false,
      failure: failure('fence_device_missing', `${work.target} has no fence device`),
    });
  take(draft, work);
}

/** This work is a fencing, or one waits for it; power that is given back is none any more. */
export const isUnderWay = ({ step, next }: FencingWork): boolean =>
  next !== undefined || (step !== 'restoring' && step !== 'held');

/** Begins the step that the work stands at. */
function take(draft: Draft, work: FencingWork): void {
  switch (work.step) {
    case 'checking':
      return callAll(draft, work, 'status');
    case 'delaying':
      keep(draft, work);
      return timer(draft, `fence-delay ${work.target}`, fenceDelay(draft.state, work.target));
    case 'switching':
      return callAll(draft, work, 'off');
    case 'held':
      return keep(draft, { ...work, calls: {} });
    case 'restoring':
      return callAll(draft, work, 'on');
  }
}

function callAll(draft: Draft, work: FencingWork, verb: 'off' | 'on' | 'status'): void {
  const isForGood = verb === 'off' && staysOff(draft.state, work);
  const calls = Object.fromEntries(
    devicesOf(draft.state, work).map((device) => [
      callDevice(draft, device, verb, `fence-${verb}`, isForGood),
      device.name,
    ]),
  );
  keep(draft, { ...work, calls, said: {}, askedAt: draft.now, life: lifeOf(draft.state, work.target) });
}

const levelsFor = (
  state: EngineState,
  target: NodeName,
  only: number | undefined,
): readonly (readonly FenceDevice[])[] =>
  levelsOf(state, target).filter(([first]) => only === undefined || (first?.level ?? 1) === only);

/** Those of the level; when power is given back, all that were switched. */
function devicesOf(
  state: EngineState,
  { target, step, level, toRestore, only }: FencingWork,
): readonly FenceDevice[] {
  const levels = levelsFor(state, target, only);
  if (step === 'restoring')
    return levelsOf(state, target)
      .flat()
      .filter(({ name }) => toRestore.includes(name));
  return levels[level] ?? [];
}

/** A node whose fencing is only tested comes back in any case. */
const staysOff = ({ config }: EngineState, { target, only }: Pick<FencingWork, 'target' | 'only'>): boolean =>
  only === undefined && fenceActionOf(config.current, target) === 'off';

/** What is done with its devices when it is confirmed off. */
const toGiveBack = (state: EngineState, work: FencingWork, switched: readonly string[]): readonly string[] =>
  staysOff(state, work)
    ? levelsOf(state, work.target)
        .flat()
        .filter((device) => !canSwitchOn(device) && switched.includes(device.name))
        .map(({ name }) => name)
    : switched;

/** Whatever it was told to switch off, even if it has said that it did not. */
const switchedBy = (state: EngineState, work: FencingWork): readonly string[] =>
  work.step === 'switching'
    ? [...new Set([...work.toRestore, ...devicesOf(state, work).map(({ name }) => name)])]
    : work.toRestore;

const isWaiting = ({ calls }: FencingWork): boolean => Object.keys(calls).length > 0;

const keep = (draft: Draft, work: FencingWork): void =>
  change(draft, { fencing: { ...draft.state.fencing, [work.target]: work } });

export function onFenced(draft: Draft, call: string, result: Result<'on' | 'off'>): void {
  const before = Object.values(draft.state.fencing).find(({ calls }) => calls[call] !== undefined);
  const device = before?.calls[call];
  if (before === undefined || device === undefined) return;
  const isDue = before.step === 'restoring' || isStillDue(draft.state, before.target);
  if (before.step === 'checking' && !isDue) return giveUp(draft, before);
  const work = { ...before, calls: without(before.calls, call), said: { ...before.said, [device]: result } };
  keep(draft, work);
  if (isWaiting(work)) return;
  switch (work.step) {
    case 'checking':
      return onChecked(draft, work);
    case 'delaying':
    case 'held':
      return;
    case 'switching':
      return isDue ? onSwitched(draft, work) : giveUp(draft, work);
    case 'restoring':
      return work.next === undefined ? onRestored(draft, work) : beginFencing(draft, work.next);
  }
}

/** What each device of the level has said; a device that came into the configuration meanwhile said nothing. */
const answers = (
  state: EngineState,
  work: FencingWork,
): readonly (readonly [string, Result<'on' | 'off'>])[] =>
  devicesOf(state, work).map((device) => {
    const { name } = device;
    const doubt = work.step === 'restoring' ? undefined : distrust(state, device);
    const said = work.said[name] ?? failed(failure('fence_not_confirmed', `${name} was not asked`));
    return [name, doubt === undefined ? said : failed(doubt)];
  });

function onChecked(draft: Draft, work: FencingWork): void {
  const said = answers(draft.state, work);
  if (areAllOff(said)) return confirm(draft, work);
  const isBroken = said.some(([, result]) => !result.ok);
  const hasNext = levelsFor(draft.state, work.target, work.only).length > work.level + 1;
  if (isBroken && hasNext) return nextLevel(draft, work, said);
  if (isPast(draft.state, work.target)) return withdraw(draft, work);
  // Nobody races with a test, and what it takes is to be the device's own time.
  const delays = work.only === undefined && !work.hasDelayed && fenceDelay(draft.state, work.target) > 0;
  take(draft, { ...work, step: delays ? 'delaying' : 'switching', took: spent(draft, work) });
}

export function onFenceDelay(draft: Draft, target: NodeName): void {
  const work = draft.state.fencing[target];
  if (work?.step !== 'delaying') return;
  if (!isStillDue(draft.state, target)) giveUp(draft, work);
  else if (isPast(draft.state, target)) withdraw(draft, work);
  else take(draft, { ...work, step: 'switching', hasDelayed: true });
}

function onSwitched(draft: Draft, work: FencingWork): void {
  const said = answers(draft.state, work);
  if (areAllOff(said)) confirm(draft, work);
  else nextLevel(draft, work, said);
}

const areAllOff = (said: readonly (readonly [string, Result<'on' | 'off'>])[]): boolean =>
  said.length > 0 && said.every(([, result]) => result.ok && result.value === 'off');

function nextLevel(
  draft: Draft,
  work: FencingWork,
  said: readonly (readonly [string, Result<'on' | 'off'>])[],
): void {
  const devices = devicesOf(draft.state, work);
  const failures = said.flatMap(([name, result]): Failure[] => {
    if (!result.ok) return [toldOf(devices, name, result.failure)];
    if (result.value === 'off') return [];
    return [failure('fence_not_confirmed', `${name} says that the power of ${work.target} is still on`)];
  });
  const next: FencingWork = {
    ...work,
    step: 'checking',
    took: milliseconds(0),
    level: work.level + 1,
    failures: [...work.failures, ...failures],
    toRestore: switchedBy(draft.state, work),
  };
  if (devicesOf(draft.state, next).length > 0) return take(draft, next);
  const [first] = next.failures;
  const message = next.failures.map((each) => each.message).join('; ');
  finish(draft, work, {
    confirmed: false,
    failure: failure(first?.code ?? 'fence_not_confirmed', message),
  });
  giveUp(draft, next);
}

/** That a device is dark with its node looks like its node's end, and is none (S2). */
function toldOf(devices: readonly FenceDevice[], name: string, cause: Failure): Failure {
  const device = devices.find((each) => each.name === name);
  if (device?.sharesPower !== true || cause.code !== 'fence_unreachable') return within(name, cause);
  const why = `it shares the power of ${device.node}, and that it is dark proves nothing`;
  return within(name, failure(cause.code, `${cause.message}; ${why}`));
}

/** The target may have come back meanwhile, and be trusted again: then it is left alone. */
function isStillDue(state: EngineState, target: NodeName): boolean {
  const fencing = state.status.nodes[target]?.fencing;
  return !state.view.complete || (fencing?.state === 'running' && fencing.by === state.self);
}

/** With what the devices of this level have just been asked. */
const spent = ({ now }: Draft, { askedAt, took }: FencingWork): Milliseconds =>
  milliseconds(took + now - askedAt);

/** All that the node was to be put out for has passed by itself, before it was switched off. */
const isPast = (state: EngineState, target: NodeName): boolean =>
  state.view.complete && !isCondemned(state, target);

function withdraw(draft: Draft, work: FencingWork): void {
  const { target, reason } = work;
  multicast(draft, { kind: 'fence-withdrawn', target, reason });
  giveUp(draft, work);
}

/** Proof of power off (S2). It is told first; then the node gets its power back, to come up with nothing running. */
function confirm(draft: Draft, work: FencingWork): void {
  const devices = devicesOf(draft.state, work).map(({ name }) => name);
  finish(draft, work, { confirmed: true, devices, took: spent(draft, work) });
  restore(draft, work, [...new Set([...switchedBy(draft.state, work), ...devices])]);
}

/** The node is off, and the others know. */
function restore(draft: Draft, work: FencingWork, switched: readonly string[]): void {
  const toRestore = toGiveBack(draft.state, work, switched);
  if (toRestore.length === 0) return forget(draft, work.target);
  take(draft, { ...work, step: 'restoring', attempt: 1, toRestore });
}

/** A person has a node switched on that is off: by all of its devices, however it was put out. */
export function beginPowerOn(draft: Draft, target: NodeName, operation: OperationId): void {
  take(draft, {
    target,
    reason: 'it is to be switched on',
    step: 'restoring',
    attempt: 1,
    life: lifeOf(draft.state, target),
    level: 0,
    hasDelayed: false,
    calls: {},
    said: {},
    toRestore: levelsOf(draft.state, target)
      .flat()
      .map(({ name }) => name),
    powerOn: { operation },
    failures: [],
    askedAt: draft.now,
    took: milliseconds(0),
  });
}

/** Without proof. What was switched off stays so, for the next attempt, while the node is to be fenced. */
function giveUp(draft: Draft, work: FencingWork): void {
  const toRestore = switchedBy(draft.state, work);
  if (toRestore.length === 0) forget(draft, work.target);
  else take(draft, { ...work, step: 'held', attempt: 1, toRestore });
}

/** At every step: power is given back to nodes that nobody fences any more. */
export function giveBack(draft: Draft): void {
  for (const work of Object.values(draft.state.fencing))
    if (work.step === 'held' && !isBeingFenced(draft.state, work.target)) {
      // Somebody else has confirmed that it is off, or it is there and trusted again.
      if (draft.state.status.nodes[work.target]?.state === 'offline') restore(draft, work, work.toRestore);
      else take(draft, { ...work, step: 'restoring' });
    }
}

function isBeingFenced({ status }: EngineState, target: NodeName): boolean {
  const fencing = status.nodes[target]?.fencing;
  return fencing !== undefined && fencing.state !== 'confirmed';
}

function onRestored(draft: Draft, work: FencingWork): void {
  const { target, attempt, powerOn } = work;
  const failures = answers(draft.state, work).flatMap(([name, result]) =>
    result.ok ? [] : [{ name, code: result.failure.code, text: sentence(within(name, result.failure)) }],
  );
  const [first] = failures;
  const text = failures.map((each) => each.text).join('; ');
  if (powerOn !== undefined && (first === undefined || attempt >= POWER_ON_ATTEMPTS)) {
    const cause = first && failure(first.code, text);
    return keep(draft, { ...work, powerOn: { ...powerOn, ended: true, failure: cause } });
  }
  if (first === undefined) return forget(draft, target);
  if (powerOn === undefined && attempt >= RESTORE_ATTEMPTS) {
    note(draft, 'error', `${target} was not given its power back: ${text}; switch it on by hand`);
    return forget(draft, target);
  }
  note(draft, 'warn', `${target} could not be switched on: ${text}`);
  keep(draft, { ...work, attempt: attempt + 1, toRestore: failures.map(({ name }) => name) });
  timer(draft, `fence-restore ${target}`, RESTORE_AGAIN);
}

export function onFenceRestore(draft: Draft, target: NodeName): void {
  const work = draft.state.fencing[target];
  if (work?.step !== 'restoring' || isWaiting(work) || work.powerOn?.ended === true) return;
  take(draft, isBeingFenced(draft.state, target) ? { ...work, step: 'held' } : work);
}

function finish(
  draft: Draft,
  { target, life }: Pick<FencingWork, 'target' | 'life'>,
  outcome: FenceOutcome,
): void {
  forget(draft, target);
  multicast(draft, { kind: 'fence-outcome', target, by: draft.state.self, outcome, life });
}

export const forget = (draft: Draft, target: NodeName): void =>
  change(draft, { fencing: without(draft.state.fencing, target) });
