import { onDelayOver, onHint } from '../executor/executor.ts';
import { onMonitorTimer } from '../executor/monitors.ts';
import { checkDevices } from '../fencing/devices.ts';
import { onFenceRetry } from '../fencing/fencing.ts';
import { onFenceDelay, onFenceRestore } from '../fencing/performing.ts';
import { onWitnessTimer } from '../quorum/witness-change.ts';
import { onStoreAgain } from './configuration.ts';
import { note } from './draft.ts';
import { onEngineGrace } from './membership.ts';
import { onAnswerOverdue } from './plan.ts';
import { onLookOverdue } from './sessions.ts';
import { onHeartbeatTimer } from './silence.ts';
import type { Draft } from './state.ts';

/** Timers are named `KIND SUBJECT`. */
export function onTimer(draft: Draft, name: string): void {
  const space = name.indexOf(' ');
  const kind = space < 0 ? name : name.slice(0, space);
  const subject = space < 0 ? '' : name.slice(space + 1);
  switch (kind) {
    case 'monitor':
      return onMonitorTimer(draft);
    case 'begin':
      return onDelayOver(draft, subject);
    case 'engine-grace':
      return onEngineGrace(draft, subject);
    case 'heartbeat':
      return onHeartbeatTimer(draft);
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
    case 'again':
      return onHint(draft, subject);
    case 'look':
      return onLookOverdue(draft, Number(subject));
    case 'store-again':
      return onStoreAgain(draft);
    case 'witness':
      return onWitnessTimer(draft);
    case 'upkeep':
    case 'forget':
      return; // Both happen at the end of every step; the timer only makes sure that there is one.
    default:
      return note(draft, 'error', `unknown timer ${name}`);
  }
}
