import { assertNever, failed, failure, seconds } from '../../model/index.ts';
import { absorb, onMessage } from './delivery.ts';
import { change, note, reply, timer } from './draft.ts';
import type { TransportInput } from './input.ts';
import { onRing, onView } from './membership.ts';
import { noSound, nothingTold, type Draft } from './state.ts';

export function onTransport(draft: Draft, event: TransportInput): void {
  switch (event.kind) {
    case 'up':
      timer(draft, 'device-check', seconds(1));
      timer(draft, 'heartbeat', seconds(1));
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
        beatSentAt: undefined,
        mayActAlone: false,
        view: {
          ...draft.state.view,
          members: [],
          ...nothingTold,
          deferred: [],
          sound: noSound,
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
      return onMessage(draft, event.node, event.payload);
    default:
      return assertNever(event);
  }
}

/** Whether they came into the order nobody will tell: their callers repeat them, which does no harm. */
function refuseWaiting(draft: Draft): void {
  for (const [id, { waitsFor }] of Object.entries(draft.state.requests))
    if (waitsFor.kind !== 'fence')
      reply(draft, Number(id), failed(failure('not_synchronised', 'Corosync does not answer')));
}
