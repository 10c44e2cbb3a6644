import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as schemas from '../../../src/api/schemas/index.ts';
import { failed, failure, milliseconds, success } from '../../../src/model/index.ts';
import { serve, type Served } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
  served.gateway.replies = {
    config: ({ revision }) =>
      revision === 99
        ? failed(failure('revision_not_found', 'revision 99 is not in the history of this node'))
        : success({ revision: revision ?? 7, current: revision === undefined, config: { format: 1 } }),
    'config.history': () =>
      success({
        entries: [
          {
            kind: 'change',
            revision: 7,
            at: milliseconds(1),
            by: 'api',
            what: 'lun.create orders',
            undone: false,
          },
          { kind: 'taken-over', revision: 6, at: undefined, by: 'engine', what: 'taken over', undone: false },
        ],
        more: true,
        damaged: false,
      }),
    'config.diff': ({ from, to = 7 }) =>
      success({
        from,
        to,
        differences: [{ kind: 'added', path: 'luns.orders.pool', before: undefined, after: '"main"' }],
      }),
    'config.restore': ({ revision, dryRun = false }) =>
      success({ from: revision, revision: 8, dryRun, restored: [], kept: [] }),
    'config.lost': () =>
      success([{ at: milliseconds(1), reason: 'r', before: 3, after: 4, changes: [], differences: [] }]),
    'config.lost.clear': () => success({ cleared: 1 }),
  };
});
afterAll(() => served.close());
beforeEach(() => void served.gateway.asked.splice(0));

const base = '/api/v1/config';
const asked = (): unknown => served.gateway.asked.map(({ request }) => request);

describe('the configuration’s record', () => {
  it('is shown as it is, and as it was', async () => {
    const now = await served.send('GET', base);
    expect(schemas.Config.parse(now.body)).toEqual({ revision: 7, current: true, config: { format: 1 } });
    const then = await served.send('GET', `${base}/revisions/3`);
    expect(schemas.Config.parse(then.body)).toMatchObject({ revision: 3, current: false });
    expect(asked()).toEqual([{}, { revision: 3 }]);
    expect((await served.send('GET', `${base}/revisions/99`)).status).toBe(404);
  });

  it('lists its history', async () => {
    const { status, body } = await served.send('GET', `${base}/history?limit=2`);
    expect(status).toBe(200);
    expect(schemas.ConfigHistory.parse(body).entries).toHaveLength(2);
    await served.send('GET', `${base}/history`);
    expect(asked()).toEqual([{ limit: 2 }, {}]);
  });

  it('compares revisions', async () => {
    const { body } = await served.send('GET', `${base}/diff?from=3&to=5`);
    expect(schemas.ConfigDiff.parse(body)).toMatchObject({ from: 3, to: 5 });
    await served.send('GET', `${base}/diff?from=3`);
    expect(asked()).toEqual([{ from: 3, to: 5 }, { from: 3 }]);
  });

  it('brings back a revision, or says what that would do', async () => {
    const { body } = await served.send('POST', `${base}/restore`, { revision: 3, dryRun: true });
    expect(schemas.ConfigRestored.parse(body)).toMatchObject({ from: 3, dryRun: true });
    expect(asked()).toEqual([{ revision: 3, dryRun: true }]);
  });

  it('shows what was lost, and forgets it', async () => {
    const { body } = await served.send('GET', `${base}/lost`);
    expect(schemas.ConfigLost.array().parse(body)).toHaveLength(1);
    expect((await served.send('DELETE', `${base}/lost`)).body).toEqual({ cleared: 1 });
  });

  it.each([
    ['GET', '/revisions/0'],
    ['GET', '/revisions/-1'],
    ['GET', '/revisions/1e3'],
    ['GET', '/revisions/__proto__'],
    ['GET', '/history?limit=0'],
    ['GET', '/history?limit=10001'],
    ['GET', '/history?limit=ten'],
    ['GET', '/history?limit=1&limit=2'],
    ['GET', '/diff'],
    ['GET', '/diff?from=1&to=x'],
  ] as const)('%s %s is refused', async (method, path) => {
    const reply = await served.send(method, base + path);
    expect([reply.status, reply.body['code']]).toEqual([400, 'body_invalid']);
    expect(served.gateway.asked).toEqual([]);
  });

  it.each([{}, { revision: '3' }, { revision: 0 }, { revision: 3, dryRun: 'yes' }, { revision: 1, more: 1 }])(
    'restoring %j is refused',
    async (body) => {
      const reply = await served.send('POST', `${base}/restore`, body);
      expect([reply.status, reply.body['code']]).toEqual([400, 'body_invalid']);
      expect(served.gateway.asked).toEqual([]);
    },
  );
});
