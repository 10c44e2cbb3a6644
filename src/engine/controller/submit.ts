import { failed, failure, type Command, type RequestKind } from '../../model/index.ts';
import { timeOfDayNow } from './clock.ts';
import { propose } from './configuration.ts';
import { change, reply, uniqueName } from './draft.ts';
import type { Draft, EngineState, PendingRequest } from './state.ts';
import { entryTerms } from './terms.ts';

/** Into the total order; answered when the result is on the disk of every online node. */
export function submit(draft: Draft, id: number, kind: RequestKind, subject: string, command: Command): void {
  if (!draft.state.view.complete)
    return reply(
      draft,
      id,
      failed(failure('not_synchronised', 'the nodes are exchanging their state just now')),
    );
  if (draft.state.ring.quorate !== true)
    return reply(draft, id, failed(failure('no_quorum', 'nothing is changed without quorum')));
  const entry = uniqueName(draft, 'entry');
  pend(draft, id, { kind, waitsFor: { kind: 'entry', entry, revision: undefined, subject } });
  const terms = entryTerms(draft.state, id, kind, subject);
  propose(draft, { id: entry, at: timeOfDayNow(draft), by: 'api', command, ...terms });
}

/** Whether anything can be changed just now. */
export const mayChange = ({ view, ring }: EngineState): boolean => view.complete && ring.quorate === true;

export const pend = (draft: Draft, id: number, request: PendingRequest): void =>
  change(draft, { requests: { ...draft.state.requests, [id]: request } });
