import { assertNever, type Milliseconds } from '../../model/index.ts';
import { onHint, onPerformed } from '../executor/executor.ts';
import { tend } from '../executor/monitors.ts';
import { onDeviceChecked } from '../fencing/devices.ts';
import { onFenced } from '../fencing/performing.ts';
import { answerFencePeer } from '../fencing/replication.ts';
import { onDryTested } from '../fencing/testing.ts';
import { followWitness, onWitnessDone } from '../quorum/witness-change.ts';
import { onClock } from './clock.ts';
import { onStored } from './configuration.ts';
import { forgetRequest } from './draft.ts';
import type { Effect, Input } from './input.ts';
import { rememberLeaving } from './leaving.ts';
import { onNotice } from './notices.ts';
import { drive } from './plan.ts';
import { answerDurable, carryOutSeen, onRequest } from './requests.ts';
import type { Draft, EngineState } from './state.ts';
import { onTimer } from './timers.ts';
import { onTransport } from './transport.ts';
import { upkeep } from './upkeep.ts';

export interface Step {
  readonly state: EngineState;
  readonly effects: readonly Effect[];
}

/**
 * The whole engine: one input at one time, the next state and what is to be done. No clock, no I/O, no randomness:
 * the same inputs give the same effects, in production, in tests and in the simulator.
 */
export const step = (
  state: EngineState,
  input: Input,
  now: Milliseconds,
  digest: (text: string) => string,
): Step => steps(state, [input], now, digest);

/** Inputs that came together are all heard, in their order, before anything is decided. */
export function steps(
  state: EngineState,
  inputs: readonly Input[],
  now: Milliseconds,
  digest: (text: string) => string,
): Step {
  const draft: Draft = { state, effects: [], owned: new WeakSet(), now, digest };
  for (const input of inputs) hear(draft, input);
  upkeep(draft);
  drive(draft);
  rememberLeaving(draft);
  tend(draft);
  followWitness(draft);
  carryOutSeen(draft);
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
      return forgetRequest(draft, input.id);
    case 'performed':
      return onPerformed(draft, input.work, input.result);
    case 'fenced':
      if (onDryTested(draft, input.work, input.result)) return;
      return draft.state.deviceChecks[input.work] === undefined
        ? onFenced(draft, input.work, input.result)
        : onDeviceChecked(draft, input.work, input.result);
    case 'witness-done':
      return onWitnessDone(draft, input.work, input.result);
    case 'stored':
      onNotice(draft, 'store', input.failure);
      return onStored(draft, input);
    case 'timer':
      return onTimer(draft, input.name);
    case 'notice':
      return onNotice(draft, input.key, input.failure);
    case 'clock':
      return onClock(draft, input.offset);
    case 'hint':
      return onHint(draft, input.resource);
    default:
      return assertNever(input);
  }
}
