import { failed, failure, success, type Result } from '../../model/index.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { Event } from '../schemas/index.ts';

/** After which event to begin: a browser's Last-Event-ID goes before `after`, since it is what was really seen last. */
function afterOf({ headers, query }: Call): Result<number | undefined> {
  const sent = headers['last-event-id'] ?? query['after'];
  if (sent === undefined || sent === '') return success(undefined);
  const after = typeof sent === 'string' && /^\d{1,15}$/.test(sent) ? Number(sent) : undefined;
  return after === undefined
    ? failed(failure('body_invalid', 'after: must be the sequence number of an event'))
    : success(after);
}

const follow: Endpoint = {
  id: 'followEvents',
  method: 'GET',
  path: '/events',
  summary:
    'Events as they happen (server-sent events: id is the sequence, event the kind, data the event as JSON)',
  secured: 'token',
  parameters: [
    {
      name: 'after',
      in: 'query',
      description: 'Begin after the event with this sequence number; without it, only new events are sent.',
      schema: { type: 'integer', minimum: 0 },
    },
    {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'As `after`, sent by clients that come again.',
      schema: { type: 'integer', minimum: 0 },
    },
  ],
  body: undefined,
  answers: { 200: { description: 'A stream (text/event-stream) of these', schema: Event } },
  failures: ['busy'],
  handle: ({ streams }, call) => {
    const after = afterOf(call);
    if (!after.ok) return Promise.resolve(after);
    const stream = streams.open(after.value);
    return Promise.resolve(stream.ok ? success({ kind: 'stream', send: stream.value }) : stream);
  },
};

export const eventEndpoints: readonly Endpoint[] = [follow];
