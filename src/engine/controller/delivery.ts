import { assertNever } from '../../model/index.ts';
import { onLook, onOrder } from '../executor/executor.ts';
import { onFenceDevice } from '../fencing/devices.ts';
import { onFenceOrder, onFenceOutcome, onFenceWanted, onFenceWithdrawn } from '../fencing/fencing.ts';
import { onPersisted, onPropose } from './configuration.ts';
import { onWitnessTold } from '../quorum/witness-change.ts';
import { change, note } from './draft.ts';
import { heardOf, judge, judgeEarly, unasked } from './judgement.ts';
import { lookAgainAfterRest } from './rest.ts';
import { onLeaving } from './leaving.ts';
import { exchange, onAgree, onSync, onWinner } from './exchange.ts';
import type { Envelope, Message } from './messages.ts';
import { onNoticed } from './notices.ts';
import { abort, noteOrder, onCleanup, onOutcome, onReport } from './plan.ts';
import { refuse } from './refusal.ts';
import { onSeen } from './sessions.ts';
import { onHeartbeat, onSoundOf } from './silence.ts';
import type { Deferred, Draft, EngineState } from './state.ts';
import { onDeedOutcome } from './upkeep.ts';
import { decode } from './wire/envelope.ts';

/**
 * Whatever comes: what cannot be understood, or is not its sender's to say, is refused. By its text and by what all
 * members know alike, so that all refuse the same.
 */
export function onMessage(draft: Draft, from: number, payload: string): void {
  // Engines that are not understood live all the same.
  onSoundOf(draft, from);
  const decoded = decode(payload, draft.state.config.current.clusterId, draft.digest);
  if (!decoded.ok) return refuse(draft, from, decoded.failure);
  deliver(draft, from, decoded.value);
}

/**
 * Between a view and its completion only the exchange of state is heard; the rest waits, so that every member hears
 * it in the same state. Total order makes every member defer and hear the same.
 */
function deliver(draft: Draft, from: number, envelope: Envelope): void {
  const { complete: wasComplete, deferred } = draft.state.view;
  const { message, incarnation, count } = envelope;
  // Told for an earlier view, it is not true any more; what is told for this one follows.
  if (message.kind === 'sync' && message.view !== draft.state.view.name) return;
  if (wasComplete) {
    const problem = judge(draft, from, envelope);
    return problem === undefined ? hearMessage(draft, from, envelope) : refuse(draft, from, problem);
  }
  if (!isOfExchange(message))
    return change(draft, { view: { ...draft.state.view, deferred: [...deferred, { from, envelope }] } });
  const problem = judgeEarly(draft.state, from, envelope);
  if (problem !== undefined) return refuse(draft, from, problem);
  if (message.kind === 'sync') onSync(draft, { from, incarnation, count }, message);
  else hearMessage(draft, from, envelope);
  if (draft.state.view.complete) hearDeferred(draft, deferred);
}

const isOfExchange = ({ kind }: Message): boolean =>
  kind === 'sync' || kind === 'agree' || kind === 'config' || kind === 'resync' || kind === 'heartbeat';

/** Another member had heard it before it told what it knows. */
function isAgreed({ heard }: EngineState, { node, incarnation, count }: Envelope): boolean {
  const known = heard[node];
  return known?.incarnation === incarnation && count <= known.count;
}

/** What waited is told in the order in which it came; then what was told in the exchange has been heard, too. */
function hearDeferred(draft: Draft, deferred: readonly Deferred[]): void {
  for (const { from, envelope } of deferred) {
    if (isAgreed(draft.state, envelope)) continue;
    const problem = judge(draft, from, envelope);
    if (problem === undefined) hearMessage(draft, from, envelope, 'late');
    else refuse(draft, from, problem);
  }
  for (const [node, { incarnation, count }] of Object.entries(draft.state.view.told)) {
    const known = draft.state.heard[node];
    if (known?.incarnation !== incarnation || known.count < count) heardOf(draft, node, incarnation, count);
  }
}

/** `late`: it waited for the view to become complete. */
function hearMessage(draft: Draft, from: number, envelope: Envelope, when?: 'late'): void {
  const { message } = envelope;
  const { view, self } = draft.state;
  switch (message.kind) {
    case 'sync':
      return onSync(draft, { from, incarnation: envelope.incarnation, count: envelope.count }, message);
    case 'agree':
      return onAgree(draft, from, message.told);
    case 'resync':
      return resync(draft);
    case 'heartbeat':
      return onHeartbeat(draft, from, envelope);
    case 'config':
      return onWinner(draft, message);
    case 'propose':
      lookAgainAfterRest(draft, () => onPropose(draft, message.entry));
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
      if (!onOutcome(draft, message.action, message.outcome))
        return when === 'late' ? undefined : refuse(draft, from, unasked(message.action));
      return onDeedOutcome(draft, message.action, message.outcome);
    case 'report':
      onReport(draft, message.node, message.resource, message.observation);
      return onSeen(draft, message.node, message.resource);
    case 'look':
      return message.node === self ? onLook(draft, message.resource) : undefined;
    case 'notice':
      return onNoticed(draft, message.node, message.key, message.failure);
    case 'witness':
      return onWitnessTold(draft, message.node, message);
    case 'cleanup':
      return onCleanup(draft, message.node, message.resource);
    case 'leaving':
      return onLeaving(draft, message.node, message.leaving);
    case 'fence-device':
      return onFenceDevice(draft, message);
    case 'fence-wanted':
      if (message.generation !== undefined && message.generation !== view.generation)
        return note(draft, 'warn', `${message.target} is not to be fenced for what was the case before`);
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
      onFenceOutcome(draft, message);
      return message.outcome.confirmed ? abort(draft, `${message.target} is fenced`) : undefined;
    default:
      return assertNever(message);
  }
}

/**
 * Where a view ends, or its exchange begins anew, before it was complete: what was told in it still tells of nodes and
 * of fencing.
 */
export function absorb(draft: Draft): void {
  const { deferred } = draft.state.view;
  change(draft, { view: { ...draft.state.view, deferred: [] } });
  for (const { from, envelope } of deferred) {
    const problem = judge(draft, from, envelope);
    if (problem === undefined) absorbMessage(draft, envelope.message);
    else refuse(draft, from, problem);
  }
}

function resync(draft: Draft): void {
  absorb(draft);
  exchange(draft);
}

function absorbMessage(draft: Draft, message: Message): void {
  switch (message.kind) {
    case 'outcome':
      onOutcome(draft, message.action, message.outcome);
      return;
    case 'report':
      return onReport(draft, message.node, message.resource, message.observation);
    case 'fence-device':
      return onFenceDevice(draft, message);
    case 'fence-wanted':
      return message.generation === undefined
        ? onFenceWanted(draft, message.target, message.reason)
        : undefined;
    case 'fence-withdrawn':
      return onFenceWithdrawn(draft, message.target, message.reason);
    case 'fence-outcome':
      return onFenceOutcome(draft, message);
    case 'cleanup':
      return onCleanup(draft, message.node, message.resource);
    case 'notice':
      return onNoticed(draft, message.node, message.key, message.failure);
    case 'witness':
      return onWitnessTold(draft, message.node, message);
    case 'leaving':
      return onLeaving(draft, message.node, message.leaving);
    case 'sync':
    case 'agree':
    case 'resync':
    case 'heartbeat':
    case 'config':
    case 'propose':
    case 'persisted':
    case 'order':
    case 'fence-order':
    case 'look':
      return;
    default:
      return assertNever(message);
  }
}

function abortOnNewConfig(draft: Draft): void {
  if (draft.state.plan?.plannedFor.config !== draft.state.config.current)
    abort(draft, 'the configuration changed');
}
