import {
  assertNever,
  failed,
  failure,
  seconds,
  type ClusterConfig,
  type Milliseconds,
} from '../../model/index.ts';
import { canonical } from '../config/index.ts';
import { onHint, onMonitorTimer, onOrder, onPerformed, tend } from '../executor/executor.ts';
import { checkDevices, onDeviceChecked, onFenceDevice } from '../fencing/devices.ts';
import {
  answerFencePeer,
  onFenced,
  onFenceDelay,
  onFenceOrder,
  onFenceOutcome,
  onFenceRestore,
  onFenceRetry,
  onFenceWanted,
  onFenceWithdrawn,
} from '../fencing/fencing.ts';
import { configState, onPersisted, onPropose, onStoreAgain, onStored } from './configuration.ts';
import { change, note, reply, timer, without } from './draft.ts';
import type { Effect, Input, TransportInput } from './input.ts';
import { onWinner, onEngineGrace, onRing, onSync, onView, unknownNode } from './membership.ts';
import type { Message } from './messages.ts';
import { onNotice, onNoticed } from './notices.ts';
import { abort, drive, noteOrder, onAnswerOverdue, onCleanup, onOutcome, onReport } from './plan.ts';
import { answerDurable, onRequest } from './requests.ts';
import type { Draft, EngineState } from './state.ts';
import { onDeedOutcome, upkeep } from './upkeep.ts';

const VIEWS_OF_A_BOOT = 1_000_000;

export interface Step {
  readonly state: EngineState;
  readonly effects: readonly Effect[];
}

/** What an engine is told at its birth; `boot` is the kernel's boot id, `incarnation` is random. */
export interface Birth {
  readonly self: string;
  readonly incarnation: string;
  readonly boot: string;
  /** `mayActAlone` of the state of the last engine of this boot; `false` for the first one. */
  readonly synchronisedSinceBoot: boolean;
  readonly config: ClusterConfig;
  readonly now: Milliseconds;
  readonly digest: (text: string) => string;
}

export function initialState(birth: Birth): EngineState {
  const hash = birth.digest(canonical(birth.config));
  const stored = { revision: birth.config.revision, hash };
  const names = Object.keys(birth.config.nodes);
  return {
    self: birth.self,
    incarnation: birth.incarnation,
    boot: birth.boot,
    transportUp: false,
    config: configState(birth.config, hash, { persisted: {}, stored, replacing: undefined }),
    view: {
      members: [],
      syncs: {},
      complete: false,
      deferred: [],
      generation: firstGeneration(birth),
      controller: undefined,
    },
    ring: { sequence: 0, nodes: [], quorate: undefined },
    status: {
      quorate: false,
      nodes: Object.fromEntries(names.map((name) => [name, unknownNode(birth.now)])),
    },
    wasSynchronised: false,
    mayActAlone: birth.synchronisedSinceBoot,
    boots: {},
    inFlight: {},
    plan: undefined,
    executor: {
      work: {},
      queue: [],
      dirty: new Set(),
      watched: new Set(),
      scheduledMonitors: new Set(),
      monitorFailures: {},
    },
    fencing: {},
    deviceChecks: {},
    requests: {},
    proposed: {},
    counter: 0,
  };
}

/**
 * How many views the last engine of this boot lived through since the configuration changed is forgotten: room is left
 * for more than there can have been, so that nothing of them looks newer than what this engine decides alone.
 */
const firstGeneration = ({ config, synchronisedSinceBoot }: Birth): number =>
  config.generation + (synchronisedSinceBoot ? VIEWS_OF_A_BOOT : 0);

/**
 * The whole engine: one input at one time, the next state and what is to be done. No clock, no I/O, no randomness:
 * the same inputs give the same effects, in production, in tests and in the simulator.
 */
export function step(
  state: EngineState,
  input: Input,
  now: Milliseconds,
  digest: (text: string) => string,
): Step {
  const draft: Draft = { state, effects: [], now, digest };
  hear(draft, input);
  upkeep(draft);
  drive(draft);
  tend(draft);
  answerDurable(draft);
  answerFencePeer(draft);
  return { state: draft.state, effects: draft.effects };
}

function hear(draft: Draft, input: Input): void {
  switch (input.kind) {
    case 'transport':
      return onTransport(draft, input.event);
    case 'request':
      return onRequest(draft, input.id, input.request);
    case 'request-gone':
      return change(draft, { requests: without(draft.state.requests, input.id) });
    case 'performed':
      return onPerformed(draft, input.work, input.result);
    case 'fenced':
      return draft.state.deviceChecks[input.work] === undefined
        ? onFenced(draft, input.work, input.result)
        : onDeviceChecked(draft, input.work, input.result);
    case 'stored':
      return onStored(draft, input.revision, input.hash, input.failure);
    case 'timer':
      return onTimer(draft, input.name);
    case 'notice':
      return onNotice(draft, input.key, input.failure);
    case 'hint':
      return onHint(draft, input.resource);
    default:
      return assertNever(input);
  }
}

function onTransport(draft: Draft, event: TransportInput): void {
  switch (event.kind) {
    case 'up':
      timer(draft, 'device-check', seconds(1));
      return change(draft, { transportUp: true });
    case 'down':
      note(draft, 'error', `Corosync does not answer: ${event.reason}`);
      refuseWaiting(draft);
      return change(draft, {
        transportUp: false,
        plan: undefined,
        inFlight: {},
        executor: { ...draft.state.executor, queue: [] },
        // What happens meanwhile is not heard: the others know better, as after a boot.
        wasSynchronised: false,
        mayActAlone: false,
        view: {
          ...draft.state.view,
          members: [],
          syncs: {},
          complete: false,
          deferred: [],
          controller: undefined,
        },
        ring: { ...draft.state.ring, nodes: [], quorate: undefined },
        status: { ...draft.state.status, quorate: false },
      });
    case 'view':
      return onView(draft, event, absorb);
    case 'ring':
    case 'quorum':
      return onRing(draft, event);
    case 'message':
      return onMessage(draft, event.node, JSON.parse(event.payload) as Message);
    default:
      return assertNever(event);
  }
}

/**
 * Between a view and its completion only the exchange of state is heard; the rest waits, so that every member hears
 * it in the same state. Total order makes every member defer and hear the same.
 */
function onMessage(draft: Draft, from: number, message: Message): void {
  const { complete: wasComplete, deferred } = draft.state.view;
  if (message.kind === 'sync') onSync(draft, from, message);
  else if (message.kind === 'config') onWinner(draft, message.hash, message.config);
  else if (wasComplete) return hearMessage(draft, message);
  else return change(draft, { view: { ...draft.state.view, deferred: [...deferred, { from, message }] } });
  if (wasComplete || !draft.state.view.complete) return;
  for (const waiting of deferred) hearMessage(draft, waiting.message);
}

function hearMessage(draft: Draft, message: Message): void {
  const { view, self } = draft.state;
  switch (message.kind) {
    case 'sync':
    case 'config':
      return;
    case 'propose':
      onPropose(draft, message.entry);
      return abortOnNewConfig(draft);
    case 'persisted':
      if (message.generation !== view.generation) return;
      return onPersisted(draft, message.node, message.revision, message.hash);
    case 'order':
      if (!view.complete || message.generation !== view.generation)
        return note(draft, 'warn', `refused '${message.action.id}' of generation ${message.generation}`);
      noteOrder(draft, message.action);
      return message.action.node === self ? onOrder(draft, message.action) : undefined;
    case 'outcome':
      if (!onOutcome(draft, message.action, message.outcome)) return;
      return onDeedOutcome(draft, message.action, message.outcome);
    case 'report':
      return onReport(draft, message.node, message.resource, message.observation);
    case 'notice':
      return onNoticed(draft, message.node, message.key, message.failure);
    case 'cleanup':
      return onCleanup(draft, message.node, message.resource);
    case 'fence-device':
      return onFenceDevice(draft, message);
    case 'fence-wanted':
      onFenceWanted(draft, message.target, message.reason);
      return abort(draft, `${message.target} is to be fenced`);
    case 'fence-withdrawn':
      onFenceWithdrawn(draft, message.target, message.reason);
      return abort(draft, `${message.target} need not be fenced any more`);
    case 'fence-order':
      if (!view.complete || message.generation !== view.generation)
        return note(
          draft,
          'warn',
          `refused to fence ${message.target}: order of generation ${message.generation}`,
        );
      return onFenceOrder(draft, message);
    case 'fence-outcome':
      onFenceOutcome(draft, message.target, message.outcome, message.boot);
      return message.outcome.confirmed ? abort(draft, `${message.target} is fenced`) : undefined;
    default:
      return assertNever(message);
  }
}

/** Where a view ends before it was complete: what was told in it still tells of this node and of fencing. */
function absorb(draft: Draft, message: Message): void {
  switch (message.kind) {
    case 'outcome':
      onOutcome(draft, message.action, message.outcome);
      return;
    case 'report':
      return onReport(draft, message.node, message.resource, message.observation);
    case 'fence-device':
      return onFenceDevice(draft, message);
    case 'fence-wanted':
      return onFenceWanted(draft, message.target, message.reason);
    case 'fence-withdrawn':
      return onFenceWithdrawn(draft, message.target, message.reason);
    case 'fence-outcome':
      return onFenceOutcome(draft, message.target, message.outcome, message.boot);
    case 'cleanup':
      return onCleanup(draft, message.node, message.resource);
    case 'notice':
      return onNoticed(draft, message.node, message.key, message.failure);
    case 'sync':
    case 'config':
    case 'propose':
    case 'persisted':
    case 'order':
    case 'fence-order':
      return;
    default:
      return assertNever(message);
  }
}

/** Whether they came into the order nobody will tell: their callers repeat them, which does no harm. */
function refuseWaiting(draft: Draft): void {
  for (const [id, { waitsFor }] of Object.entries(draft.state.requests))
    if (waitsFor.kind === 'entry')
      reply(draft, Number(id), failed(failure('not_synchronised', 'Corosync does not answer')));
}

function abortOnNewConfig(draft: Draft): void {
  if (draft.state.plan?.plannedFor.config !== draft.state.config.current)
    abort(draft, 'the configuration changed');
}

/** Timers are named `KIND SUBJECT`. */
function onTimer(draft: Draft, name: string): void {
  const space = name.indexOf(' ');
  const kind = space < 0 ? name : name.slice(0, space);
  const subject = space < 0 ? '' : name.slice(space + 1);
  switch (kind) {
    case 'monitor':
      return onMonitorTimer(draft, subject);
    case 'engine-grace':
      return onEngineGrace(draft, subject);
    case 'device-check':
      return checkDevices(draft);
    case 'fence-delay':
      return onFenceDelay(draft, subject);
    case 'fence-retry':
      return onFenceRetry(draft, subject);
    case 'fence-restore':
      return onFenceRestore(draft, subject);
    case 'answer':
      return onAnswerOverdue(draft, subject);
    case 'store-again':
      return onStoreAgain(draft);
    case 'upkeep':
    case 'forget':
      return; // Both happen at the end of every step; the timer only makes sure that there is one.
    default:
      return note(draft, 'error', `unknown timer ${name}`);
  }
}
