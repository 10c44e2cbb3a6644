import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serve, token, until, type Served } from './served.ts';

let served: Served;
beforeEach(async () => {
  served = await serve({ heartbeat: 50, eventClients: 2 });
  served.gateway.happens({ kind: 'node.joined', node: 'san-a', message: 'first' });
  served.gateway.happens({ kind: 'node.joined', node: 'san-b', message: 'second\nline' });
});
afterEach(() => served.close());

interface Following {
  readonly response: IncomingMessage;
  readonly text: () => string;
  readonly stop: () => void;
}

const follow = (query = '', headers: Record<string, string> = {}): Promise<Following> =>
  new Promise((resolve, reject) => {
    const options: RequestOptions = {
      ca: readFileSync(join(served.directory, 'api.crt')),
      checkServerIdentity: () => undefined,
      agent: false,
      headers: { authorization: `Bearer ${token}`, ...headers },
    };
    const sent = request(`${served.url}/api/v1/events${query}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', () => undefined);
      resolve({ response, text: () => text, stop: () => sent.destroy() });
    });
    sent.on('error', reject);
    sent.end();
  });

it('sends new events with id, kind and JSON, and heartbeats between', async () => {
  const { response, text } = await follow();
  expect(response.headers['content-type']).toBe('text/event-stream');
  await until(() => served.gateway.openStreams === 1);
  served.gateway.happens({ kind: 'fencing.started', node: 'san-b', message: 'third' });
  await until(() => text().includes('third') && text().includes(': heartbeat'));
  expect(text()).not.toContain('second');
  const block = text()
    .split('\n\n')
    .find((part) => part.includes('third'));
  expect(block?.split('\n').slice(0, 2)).toEqual(['id: 3', 'event: fencing.started']);
  expect(JSON.parse(block?.split('\n')[2]?.replace('data: ', '') ?? '')).toMatchObject({
    sequence: 3,
    kind: 'fencing.started',
    node: 'san-b',
  });
});

it('begins where the client stopped', async () => {
  const byQuery = await follow('?after=0');
  await until(() => byQuery.text().includes('second'));
  expect(byQuery.text()).toContain('first');
  const byHeader = await follow('?after=0', { 'last-event-id': '1' });
  await until(() => byHeader.text().includes('second'));
  expect(byHeader.text()).not.toContain('first');
  expect(served.gateway.subscriptions).toEqual([0, 1]);
});

it('serves so many clients and no more, until one has gone', async () => {
  const first = await follow();
  await follow();
  const refused = await served.send('GET', '/api/v1/events');
  expect([refused.status, refused.body['code'], refused.headers['retry-after']]).toEqual([503, 'busy', '5']);
  first.stop();
  await until(() => served.gateway.openStreams === 1);
  expect((await follow()).response.statusCode).toBe(200);
});

it('refuses a number that is none', async () => {
  expect((await served.send('GET', '/api/v1/events?after=x')).body['code']).toBe('body_invalid');
});

it('ends its streams when the API closes', async () => {
  const { response } = await follow();
  const ended = new Promise((resolve) => response.on('close', resolve));
  await served.api.close();
  await ended;
  expect(served.gateway.openStreams).toBe(0);
});
