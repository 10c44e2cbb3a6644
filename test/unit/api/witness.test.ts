import { afterEach, beforeEach, expect, test } from 'vitest';
import * as schemas from '../../../src/api/schemas/index.ts';
import { failed, failure, success, type FailureCode } from '../../../src/model/index.ts';
import { operation } from './fake-gateway.ts';
import { serve, type Served } from './served.ts';

const PATH = '/api/v1/cluster/witness';
const adding = operation({
  kind: 'witness.add',
  subject: '10.0.0.9',
  progress: 'step 1 of 3: every node gets what it needs to ask the witness, and looks for it',
});

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

test('PUT adds it: 202 with the operation and how far it is, 200 after waiting, and where it is there', async () => {
  const body = { address: '10.0.0.9', heuristics: { ping: ['10.0.0.1'] }, secret: 'very-secret' };
  served.gateway.replies = {
    'witness.add': () => success({ operation: adding }),
    operation: () => success({ ...adding, state: 'succeeded' }),
  };
  const begun = await served.send('PUT', PATH, body);
  expect([begun.status, begun.headers.location]).toEqual([202, '/api/v1/operations/op-1']);
  expect(schemas.WitnessChanged.parse(begun.body)).toEqual(begun.body);
  expect(begun.body).toMatchObject({ operation: { progress: adding.progress } });
  const { secret, ...witness } = body;
  expect(served.gateway.asked[0]).toEqual({ kind: 'witness.add', request: { witness, secret } });
  const waited = await served.send('PUT', `${PATH}?wait=9`, body);
  expect([waited.status, waited.body]).toMatchObject([200, { operation: { state: 'succeeded' } }]);
  served.gateway.replies['witness.add'] = () => success({ operation: undefined });
  expect(await served.send('PUT', PATH, body)).toMatchObject({ status: 200, body: {} });
  expect(served.logged.join('\n')).not.toContain('very-secret');
});

test('DELETE takes it away: 202, 200 after waiting, and 204 where there is none', async () => {
  const removing = { ...adding, kind: 'witness.remove' as const };
  served.gateway.replies = {
    'witness.remove': () => success({ operation: removing }),
    operation: () => success({ ...removing, state: 'succeeded' }),
  };
  expect(await served.send('DELETE', PATH)).toMatchObject({ status: 202 });
  expect(await served.send('DELETE', `${PATH}?wait=9`)).toMatchObject({ status: 200 });
  served.gateway.replies['witness.remove'] = () => success({ operation: undefined });
  expect(await served.send('DELETE', PATH)).toMatchObject({ status: 204, text: '' });
});

test('what ends in a failure while the request waits is told as that failure', async () => {
  served.gateway.replies = {
    'witness.add': () => success({ operation: adding }),
    operation: () =>
      success({
        ...adding,
        state: 'failed',
        failure: failure('command_missing', 'san-b: qdevice is missing'),
      }),
  };
  const answer = await served.send('PUT', `${PATH}?wait=9`, { address: '10.0.0.9' });
  expect(answer.body).toMatchObject({
    code: 'command_missing',
    detail: 'Operation op-1: san-b: qdevice is missing',
  });
});

test.each<readonly [FailureCode, number]>([
  ['witness_exists', 409],
  ['witness_busy', 409],
  ['witness_needs_all_nodes', 409],
  ['witness_name_taken', 409],
  ['witness_invalid', 400],
  ['witness_secret_wrong', 403],
  ['witness_setup_unreachable', 502],
  ['witness_unreachable', 503],
])('%s is answered with %i and the next step', async (code, status) => {
  served.gateway.replies['witness.add'] = () => failed(failure(code, 'because'));
  const answer = await served.send('PUT', PATH, { address: '10.0.0.9' });
  expect(answer).toMatchObject({ status, body: { code, next: expect.any(String) as string } });
});

test.each([
  [{}, 'body_invalid'],
  [{ address: 'witness.example.com' }, 'address_invalid'],
  [{ address: '10.0.0.9', tls: 'perhaps' }, 'body_invalid'],
  [{ address: '10.0.0.9', heuristics: {} }, 'body_invalid'],
  [{ address: '10.0.0.9', port: 5403 }, 'body_invalid'],
])('%j is refused with %s, and the engine hears nothing of it', async (body, code) => {
  expect((await served.send('PUT', PATH, body)).body['code']).toBe(code);
  expect(served.gateway.asked).toEqual([]);
});
