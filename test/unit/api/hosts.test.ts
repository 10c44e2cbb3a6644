import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as schemas from '../../../src/api/schemas/index.ts';
import { failed, failure, success, type FailureCode, type HostView } from '../../../src/model/index.ts';
import { lun } from './fake-gateway.ts';
import { serve, type Served } from './served.ts';

const host: HostView = {
  name: 'web',
  initiators: ['iqn.2026-11.com.example:web'],
  chap: { username: 'web' },
  luns: [{ name: 'vm1', number: 3, readOnly: true }],
  loggedIn: [],
};

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());
beforeEach(() => {
  served.gateway.asked.splice(0);
  served.gateway.replies = {
    hosts: () => success({ items: [host] }),
    host: () => success(host),
    'host.create': () => success(host),
    'host.set': () => success(host),
    'host.delete': () => success({ deleted: true }),
    'lun.map': () => success(lun({ hosts: ['client', 'web'], readOnlyHosts: ['web'] })),
    'lun.unmap': () => success({ lun: lun() }),
  };
});

const secret = 'correct-horse-1';
const good = { name: 'web', initiators: ['iqn.2026-11.com.example:web'], chap: { secret } };

describe('who is connected', () => {
  const connected = {
    sessions: [
      {
        host: 'web',
        initiator: 'iqn.2026-11.com.example:web',
        address: '10.0.3.7',
        portal: '10.0.3.100',
        target: 'main',
        node: 'san-a',
      },
    ],
    unseen: [],
  };

  it('is told, of one LUN or host where one is named', async () => {
    served.gateway.replies.sessions = () => success(connected);
    for (const query of ['', '?lun=vm1', '?host=web']) {
      const { status, body } = await served.send('GET', `/api/v1/sessions${query}`);
      expect([status, schemas.Sessions.parse(body)]).toEqual([200, connected]);
    }
    expect((await served.send('GET', '/api/v1/sessions?host=.')).status).toBe(400);
    expect(served.gateway.asked.map(({ request }) => request)).toEqual([{}, { lun: 'vm1' }, { host: 'web' }]);
  });

  it('is in the way of a deletion until somebody insists', async () => {
    const open = failed(failure('sessions_open', 'LUN vm1 is used by web'));
    const unless = (request: { readonly force?: boolean | undefined }) =>
      request.force === true ? undefined : open;
    served.gateway.replies['lun.unmap'] = (request) => unless(request) ?? success({ lun: lun() });
    served.gateway.replies['host.delete'] = (request) => unless(request) ?? success({ deleted: true });
    served.gateway.replies['host.set'] = (request) => unless(request) ?? success(host);
    served.gateway.replies['lun.delete'] = (request) => unless(request) ?? success({ operation: undefined });
    const change = { initiators: ['iqn.2026-11.com.example:new'] };
    for (const [method, path, body, good] of [
      ['DELETE', 'luns/vm1/hosts/web', undefined, 200],
      ['DELETE', 'hosts/web', undefined, 204],
      ['PATCH', 'hosts/web', change, 200],
      ['DELETE', 'luns/vm1', undefined, 204],
    ] as const) {
      const refused = await served.send(method, `/api/v1/${path}`, body);
      expect([refused.status, refused.body]).toEqual([
        409,
        expect.objectContaining({ code: 'sessions_open', detail: 'LUN vm1 is used by web' }),
      ]);
      expect((await served.send(method, `/api/v1/${path}?force=true`, body)).status).toBe(good);
      expect((await served.send(method, `/api/v1/${path}?force=perhaps`, body)).status).toBe(400);
    }
  });
});

describe('hosts', () => {
  it('are made, shown, changed and deleted', async () => {
    const made = await served.send('POST', '/api/v1/hosts', good);
    expect([made.status, schemas.Host.parse(made.body)]).toEqual([200, host]);
    expect((await served.send('GET', '/api/v1/hosts/web')).body).toEqual(host);
    expect((await served.send('GET', '/api/v1/hosts')).text).toBe(JSON.stringify([host]));
    const change = { chap: null, initiators: ['iqn.2026-11.com.example:new'] };
    expect((await served.send('PATCH', '/api/v1/hosts/web', change)).status).toBe(200);
    expect((await served.send('DELETE', '/api/v1/hosts/web')).status).toBe(204);
    expect(served.gateway.asked).toEqual([
      { kind: 'host.create', request: good },
      { kind: 'host', request: { name: 'web' } },
      { kind: 'hosts', request: {} },
      { kind: 'host.set', request: { name: 'web', ...change } },
      { kind: 'host.delete', request: { name: 'web' } },
    ]);
  });

  it.each<[FailureCode, string, object]>([
    ['chap_invalid', 'a secret of 11 characters', { chap: { secret: 'x'.repeat(11) } }],
    ['chap_invalid', 'a secret of 17 characters', { chap: { secret: 'x'.repeat(17) } }],
    ['chap_invalid', 'a secret with a line end', { chap: { secret: `${secret}\n` } }],
    ['chap_invalid', 'a secret with an umlaut', { chap: { secret: 'correct-h\u00f6rse' } }],
    ['chap_invalid', 'a secret that means none', { chap: { secret: 'NULL-and-more' } }],
    ['chap_invalid', 'one secret both ways', { mutualChap: { secret } }],
    ['chap_invalid', 'a target that proves itself alone', { chap: undefined, mutualChap: { secret } }],
    ['chap_invalid', 'a user with a blank', { chap: { username: 'a b', secret } }],
    ['iqn_invalid', 'an initiator that is none', { initiators: ['web'] }],
    ['iqn_invalid', 'an initiator twice', { initiators: [...good.initiators, ...good.initiators] }],
    ['iqn_invalid', 'no initiator', { initiators: [] }],
    ['name_invalid', 'a name with a slash', { name: 'a/b' }],
    ['body_invalid', 'a field that there is not', { password: secret }],
  ])('are refused with %s for %s, and the secret is not shown', async (code, _what, wrong) => {
    const reply = await served.send('POST', '/api/v1/hosts', { ...good, ...wrong });
    expect(reply.body['code']).toBe(code);
    expect(reply.text).not.toMatch(/xxxx|horse|and-more/);
    expect(served.gateway.asked).toEqual([]);
    expect(served.logged.join()).not.toContain(secret);
  });

  it('say which LUNs they see when they cannot be deleted', async () => {
    served.gateway.replies['host.delete'] = () => failed(failure('host_in_use', 'host web sees vm1'));
    const reply = await served.send('DELETE', '/api/v1/hosts/web');
    expect([reply.status, reply.body['detail']]).toEqual([409, 'host web sees vm1']);
  });
});

describe('mappings', () => {
  it('are made with or without a body, and taken away', async () => {
    const mapped = await served.send('PUT', '/api/v1/luns/web/hosts/web', { readOnly: true });
    expect(schemas.Lun.parse(mapped.body).readOnlyHosts).toEqual(['web']);
    expect((await served.send('PUT', '/api/v1/luns/web/hosts/web')).status).toBe(200);
    expect((await served.send('DELETE', '/api/v1/luns/web/hosts/web')).status).toBe(200);
    const of = { name: 'web', host: 'web' };
    expect(served.gateway.asked).toEqual([
      { kind: 'lun.map', request: { ...of, readOnly: true } },
      { kind: 'lun.map', request: of },
      { kind: 'lun.unmap', request: of },
    ]);
  });

  it('of a LUN that is not there are gone already', async () => {
    served.gateway.replies['lun.unmap'] = () => success({ lun: undefined });
    expect((await served.send('DELETE', '/api/v1/luns/gone/hosts/web')).status).toBe(204);
  });

  it('of a name that cannot be are refused', async () => {
    const reply = await served.send('PUT', '/api/v1/luns/web/hosts/No%20one');
    expect(reply.body['code']).toBe('name_invalid');
    expect(served.gateway.asked).toEqual([]);
  });

  it('are given with the LUN: who may only read is one of those who see it', async () => {
    served.gateway.replies['lun.create'] = () => failed(failure('host_not_found', 'there is no host db'));
    const body = { name: 'vm1', size: '1G', hosts: ['web', 'db'], readOnlyHosts: ['db'] };
    await served.send('POST', '/api/v1/luns', body);
    expect(served.gateway.asked).toEqual([{ kind: 'lun.create', request: { ...body, size: 2 ** 30 } }]);
  });
});
