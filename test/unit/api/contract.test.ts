import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failed, failure, success, type LunView } from '../../../src/model/index.ts';
import { lun, operation } from './fake-gateway.ts';
import { serve, type Served } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());
beforeEach(() => {
  served.gateway.asked.splice(0);
  served.gateway.terms = undefined;
  served.gateway.replies = {
    lun: () => success(lun()),
    luns: () => success({ items: [lun()] }),
    'lun.create': () => success({ lun: lun(), operation: operation({ state: 'succeeded' }) }),
    'lun.delete': () => success({ operation: undefined }),
    'lun.unmap': () => success({ lun: lun() }),
  };
});

const remove = (tag: string) => served.send('DELETE', '/api/v1/luns/web', undefined, { 'if-match': tag });

describe('the ETag', () => {
  it('stands in the answer about one object and in its header', async () => {
    const shown = await served.send('GET', '/api/v1/luns/web');
    expect([shown.headers.etag, shown.body['etag']]).toEqual(['"a1b2"', 'a1b2']);
    const made = await served.send('POST', '/api/v1/luns', { name: 'web', size: '1G' });
    expect(made.headers.etag).toBe('"a1b2"');
  });

  it.each([
    ['"a1b2"', ['a1b2', 'none']],
    ['"a1b2", "c3d4"', ['a1b2', 'c3d4', 'none']],
    ['*', ['*']],
    // A weak one never matches, and one in quotes is no star.
    ['W/"a1b2"', ['none']],
    ['"*"', ['none']],
  ])('If-Match: %s is handed to the engine, which decides', async (header, ifMatch) => {
    expect((await remove(header)).status).toBe(204);
    expect(served.gateway.terms?.ifMatch).toEqual(ifMatch);
  });

  it.each(['a1b2', '"a1b2', '"a', '', '"a" "b"', Array(17).fill('"a"').join()])(
    'If-Match: %s is refused, and nothing is asked',
    async (header) => {
      const reply = await remove(header);
      expect([reply.status, reply.body['code']]).toEqual([400, 'header_invalid']);
      expect(served.gateway.asked).toEqual([]);
    },
  );

  it('of the object as it is now comes with the refusal', async () => {
    served.gateway.replies['lun.delete'] = () =>
      failed({ ...failure('precondition_failed', 'web was changed'), etag: 'c3d4' });
    const reply = await remove('"a1b2"');
    expect([reply.status, reply.body['code'], reply.body['etag'], reply.headers.etag]).toEqual([
      412,
      'precondition_failed',
      'c3d4',
      '"c3d4"',
    ]);
    expect(reply.headers['content-type']).toContain('application/problem+json');
  });
});

describe('the Idempotency-Key', () => {
  const create = (key: string) =>
    served.send('POST', '/api/v1/luns', { name: 'web', size: '1G' }, { 'idempotency-key': key });

  it.each(['b1946ac9-2492', '"b1946ac9-2492"'])('%s is handed to the engine', async (key) => {
    expect((await create(key)).status).toBe(200);
    expect(served.gateway.terms?.key).toBe('b1946ac9-2492');
  });

  it.each(['', '""', 'two words', 'x'.repeat(256), 'constructor'])('%j is refused', async (key) => {
    expect((await create(key)).body['code']).toBe('header_invalid');
    expect(served.gateway.asked).toEqual([]);
  });

  it('of another request is 422', async () => {
    served.gateway.replies['lun.create'] = () => failed(failure('key_reused', 'another request'));
    const reply = await create('b1946ac9-2492');
    expect([reply.status, reply.body['code']]).toEqual([422, 'key_reused']);
  });

  it('means nothing where nothing is made by it', async () => {
    await served.send('GET', '/api/v1/luns', undefined, { 'idempotency-key': 'two words' });
    expect(served.gateway.asked).toEqual([{ kind: 'luns', request: {} }]);
  });
});

it('what is no HTTP is answered in the one shape of refusals too', async () => {
  const { port } = new URL(served.url);
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect({ port: Number(port), rejectUnauthorized: false }, () => {
      socket.setEncoding('utf8').write('HELLO\r\n\r\n');
      let read = '';
      socket.on('data', (chunk: string) => (read += chunk)).on('end', () => resolve(read));
    });
    socket.on('error', reject);
  });
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(text).toContain('Content-Type: application/problem+json');
  expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({
    status: 400,
    code: 'request_malformed',
  });
});

it('a LUN that was made so long ago that its operation is forgotten is there all the same', async () => {
  served.gateway.replies['lun.create'] = () => success({ lun: lun(), operation: undefined });
  const reply = await served.send('POST', '/api/v1/luns?wait=1', { name: 'web', size: '10G' });
  expect([reply.status, Object.keys(reply.body)]).toEqual([200, ['lun']]);
});

describe('a list', () => {
  const all = ['a', 'b', 'c'].map((name) => lun({ name }));
  beforeEach(() => {
    served.gateway.replies.luns = ({ after = '', limit = 100 }) => {
      const left = all.filter(({ name }) => name > after);
      const items = left.slice(0, limit);
      return success({ items, next: left.length > limit ? items.at(-1)?.name : undefined });
    };
  });

  it('is followed by its links from the first page to the last, filters and all', async () => {
    const seen: string[] = [];
    let next: string | undefined = '/api/v1/luns?host=client&limit=2';
    while (next !== undefined) {
      const page: Awaited<ReturnType<Served['send']>> = await served.send('GET', next);
      seen.push(...(page.body as unknown as LunView[]).map(({ name }) => name));
      next = /^<(.+)>; rel="next"$/.exec(String(page.headers['link']))?.[1];
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(served.gateway.asked.map(({ request }) => request)).toEqual([
      { host: 'client', limit: 2 },
      { host: 'client', limit: 2, after: 'b' },
    ]);
  });

  it.each([
    ['pol=main', 'body_invalid'],
    ['pool=Main', 'name_invalid'],
    ['pool=a&pool=b', 'name_invalid'],
    ['name=a*b', 'name_invalid'],
    ['state=gone', 'body_invalid'],
    ['limit=0', 'body_invalid'],
    ['limit=10001', 'body_invalid'],
    ['limit=two', 'body_invalid'],
    ['cursor=b', 'cursor_invalid'],
    [`cursor=${Buffer.from('["/hosts","b"]').toString('base64url')}`, 'cursor_invalid'],
    [`cursor=${Buffer.from('["/luns","__proto__"]').toString('base64url')}`, 'cursor_invalid'],
    ['loggedIn=true', 'body_invalid'],
  ])('with %s is refused as %s: a filter that is not understood would show too much', async (query, code) => {
    const reply = await served.send('GET', `/api/v1/luns?${query}`);
    expect([reply.status, reply.body['code']]).toEqual([400, code]);
    expect(served.gateway.asked).toEqual([]);
  });
});
