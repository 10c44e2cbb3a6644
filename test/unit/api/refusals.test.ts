import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { failures, milliseconds, success, type FailureCode } from '../../../src/model/index.ts';
import { lun, operation, status } from './fake-gateway.ts';
import { serve, token, type Served } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
  served.gateway.replies = {
    status: () => success(status()),
    lun: () => success(lun()),
    'lun.create': () => success({ lun: lun(), operation: operation({ state: 'succeeded' }) }),
    'cluster.init': () =>
      success({ joinSecret: 'secret', token: { milliseconds: milliseconds(1000), reason: 'the least' } }),
    'cluster.join': () => success({ clusterName: 'san' }),
    cleanup: () => success({ cleared: 1 }),
  };
});
afterAll(() => served.close());
beforeEach(() => void served.gateway.asked.splice(0));

type Sent = Parameters<Served['send']>;

/** Sends it, and expects the code, a whole problem+json, and an engine that was asked nothing. */
async function expectRefused(code: FailureCode, ...sent: Sent): Promise<string> {
  const reply = await served.send(...sent);
  expect([reply.status, reply.body['code']]).toEqual([failures[code].status, code]);
  expect(reply.headers['content-type']).toContain('application/problem+json');
  expect(reply.body).toEqual({
    type: `urn:keelson:error:${code}`,
    title: failures[code].title,
    status: failures[code].status,
    detail: expect.stringMatching(/./) as string,
    code,
    next: failures[code].next,
  });
  expect(served.gateway.asked).toEqual([]);
  return String(reply.body['detail']);
}

describe('a LUN that cannot be', () => {
  const good = { name: 'web', size: '10G' };

  it.each([
    0,
    -1,
    1.5,
    2 ** 53,
    1e300,
    '0',
    '-1',
    '1e400',
    '10XB',
    'NaN',
    'Infinity',
    '0x10',
    '1.5',
    '1.0000000001G',
    '9007199254740992',
    '8192T',
    '99999999999999999999999G',
    '',
    'G',
    '1,5G',
    '١٠G',
    null,
    true,
    [1],
    {},
  ])('has the size %j', async (size) => {
    await expectRefused('size_invalid', 'POST', '/api/v1/luns', { ...good, size });
  });

  it('has the size 1e400 as a bare number', async () => {
    await expectRefused('size_invalid', 'POST', '/api/v1/luns', '{"name":"web","size":1e400}');
  });

  it.each([
    '',
    'Web',
    'we b',
    'we_b',
    '9web',
    '-web',
    'a/b',
    '../x',
    'wéb',
    'a'.repeat(33),
    'a\n',
    'snapshot1',
    'pvmove',
    null,
    7,
  ])('has the name %j', async (name) => {
    await expectRefused('name_invalid', 'POST', '/api/v1/luns', { ...good, name });
  });

  it.each([
    ['body_not_json', '{"name":'],
    ['body_not_json', ''],
    ['body_not_json', '{"name":"web","size":NaN}'],
    ['body_not_json', '{"__proto__":{"name":"web"},"name":"web","size":1}'],
    ['body_invalid', []],
    ['body_invalid', [good]],
    ['body_invalid', '"web"'],
    ['body_invalid', 'null'],
    ['body_invalid', {}],
    ['body_invalid', { name: 'web' }],
    ['body_invalid', { size: '10G' }],
    ['body_invalid', { ...good, colour: 'red' }],
    ['name_invalid', { ...good, pool: 'P 1' }],
    ['name_invalid', { ...good, hosts: ['ok', 'not ok'] }],
  ] as const)('is refused with %s for the body %j', async (code, body) => {
    await expectRefused(code, 'POST', '/api/v1/luns', body);
  });

  it('is refused without a body', async () => {
    await expectRefused('body_invalid', 'POST', '/api/v1/luns');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'is refused as %s',
    async (type) => {
      await expectRefused('body_not_json', 'POST', '/api/v1/luns', good, { 'content-type': type });
    },
  );

  it('is refused where the body is larger than 1 MiB', async () => {
    const body = { ...good, pool: 'x'.repeat(1024 * 1024) };
    await expectRefused('body_too_large', 'POST', '/api/v1/luns', body);
  });

  it.each(['?wait=-1', '?wait=1.5', '?wait=x', '?wait=', '?wait=1&wait=2'])('waits %s', async (query) => {
    await expectRefused('body_invalid', 'POST', `/api/v1/luns${query}`, good);
  });
});

describe('an address that is not there', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/api/v1'],
    ['GET', '/api/v2/status'],
    ['GET', '/api/v1/luns/web/more'],
    ['PUT', '/api/v1/luns'],
    ['PUT', '/api/v1/luns/web'],
    ['DELETE', '/api/v1/luns'],
    ['POST', '/api/v1/status'],
    ['GET', '/api/v1/luns/%zz'],
  ])('%s %s', async (method, path) => {
    await expectRefused('route_not_found', method, path);
  });

  it.each(['Web', '%2e%2e%2fstatus', 'a'.repeat(200)])('has the LUN %s', async (name) => {
    await expectRefused('name_invalid', 'GET', `/api/v1/luns/${name}`);
    await expectRefused('name_invalid', 'DELETE', `/api/v1/luns/${name}`);
  });
});

describe('a caller who is not known', () => {
  it.each([
    ['token_missing', ''],
    ['token_missing', 'Basic cm9vdDpyb290'],
    ['token_missing', 'Bearer'],
    ['token_wrong', 'Bearer x'],
    ['token_wrong', `Bearer ${token}x`],
  ] as const)('gets %s for "%s"', async (code, authorization) => {
    for (const path of ['/api/v1/status', '/api/v1/events', '/api/v1/openapi.json', '/nowhere'])
      await expectRefused(code, 'GET', path, undefined, { authorization });
    await expectRefused(code, 'POST', '/api/v1/luns', { name: 'web', size: 1 }, { authorization });
    const { headers } = await served.send('GET', '/api/v1/status', undefined, { authorization });
    expect(headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('is anybody while the node knows no token, and after the token has changed', async () => {
    const { tokenHash } = served;
    for (const other of [undefined, '', 'ab', 'f'.repeat(64)]) {
      served.tokenHash = other;
      await expectRefused('token_wrong', 'GET', '/api/v1/status');
    }
    served.tokenHash = tokenHash;
    expect((await served.send('GET', '/api/v1/status')).status).toBe(200);
  });
});

describe('a cluster file that cannot be', () => {
  const example = (): Record<string, never> =>
    parse(readFileSync('docs/cluster.example.yaml', 'utf8')) as Record<string, never>;

  /** The example with one value replaced: `nodes.1.name`. */
  function changed(path: string, value: unknown): unknown {
    const file: unknown = example();
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    let inner = file as Record<string, unknown>;
    for (const part of parts) inner = inner[part] as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(inner, last);
    else inner[last] = value;
    return file;
  }

  const node = (example() as unknown as { nodes: object[] }).nodes;

  it('is not the example, which is passed on as it stands', async () => {
    const body = { file: example(), node: 'san-a' };
    expect((await served.send('POST', '/api/v1/cluster', body)).status).toBe(200);
    expect(served.gateway.asked).toEqual([{ kind: 'cluster.init', request: body }]);
  });

  it.each([
    ['iqn_invalid', 'target.iqn', 'iqn.2026-11.example:x'],
    ['iqn_invalid', 'target.iqn', 'iqn.2026-13.com.example:x'],
    ['iqn_invalid', 'target.iqn', 'iqn.26-11.com.example:x'],
    ['iqn_invalid', 'target.iqn', 'iqn.2026-11.com.example:a b'],
    ['iqn_invalid', 'target.iqn', 'iqn.2026-11.com..example:x'],
    ['iqn_invalid', 'target.iqn', 'iqn.2026-11.com.example:../../x'],
    ['iqn_invalid', 'target.iqn', 'iqn.2026-11.com.example:X'],
    ['iqn_invalid', 'target.iqn', `iqn.2026-11.com.example:${'x'.repeat(200)}`],
    ['iqn_invalid', 'hosts.0.initiators.0', 'client'],
    ['address_invalid', 'nodes.0.management', '10.77.0.256'],
    ['address_invalid', 'nodes.0.cluster', '10.77.1'],
    ['address_invalid', 'nodes.0.replication', 'san-a'],
    ['address_invalid', 'nodes.0.management', '0.0.0.0'],
    ['address_invalid', 'nodes.0.management', '224.0.0.1'],
    ['address_invalid', 'nodes.0.management', '::1'],
    ['address_invalid', 'nodes.1.fence.address', ''],
    ['address_invalid', 'target.portals.0', '10.77.3.100'],
    ['address_invalid', 'target.portals.0', '10.77.3.100/33'],
    ['address_invalid', 'target.portals.0', '10.77.3.100/0'],
    ['address_invalid', 'target.portals.0', '10.77.3.0/24'],
    ['address_invalid', 'target.portals.0', '10.77.3.255/24'],
    ['address_invalid', 'target.portals.0', '10.77.3.100/24/24'],
    ['address_invalid', 'target.portals.0', '10.77.3.100/24\n'],
    ['address_invalid', 'target.portals.0', '10.77.3.100/64'],
    ['address_invalid', 'target.portals.0', '2001:db8:5::10'],
    ['address_invalid', 'target.portals.0', '2001:db8:5::/64'],
    ['address_invalid', 'target.portals.0', '2001:db8:5::10/128'],
    ['address_invalid', 'target.portals.0', '2001:db8:5::10/24'],
    ['address_invalid', 'target.portals.0', '2001:db8:5:10/64'],
    ['address_invalid', 'target.portals.0', '[2001:db8:5::10]/64'],
    ['address_invalid', 'target.portals.0', 'fe80::10/64'],
    ['address_invalid', 'target.portals.0', 'fe80::10%stora0/64'],
    ['address_invalid', 'target.portals.0', '2001:db8:5::10%stora0/64'],
    ['address_invalid', 'target.portals.0', 'fec0::10/64'],
    ['address_invalid', 'target.portals.0', 'ff05::10/64'],
    ['address_invalid', 'target.portals.0', '::1/64'],
    ['address_invalid', 'target.portals.0', '::/64'],
    ['address_invalid', 'target.portals.0', '::ffff:10.77.3.100/120'],
    ['cluster_file_invalid', 'target.portals', ['2001:db8:5::10/64', '2001:DB8:5:0::0010/64']],
    ['name_invalid', 'nodes.0.name', 'SAN A'],
    ['name_invalid', 'pool.name', ''],
    ['cluster_file_invalid', 'nodes.1.name', 'san-a'],
    ['cluster_file_invalid', 'nodes.1.management', '10.77.0.11'],
    ['cluster_file_invalid', 'nodes.1.fence.address', '10.77.0.201'],
    ['cluster_file_invalid', 'nodes', [node[0]]],
    ['cluster_file_invalid', 'nodes', [...node, node[0]]],
    ['cluster_file_invalid', 'nodes', undefined],
    ['cluster_file_invalid', 'target.iqn', undefined],
    ['cluster_file_invalid', 'nodes.0.disk', '/dev/sdb'],
    ['cluster_file_invalid', 'nodes.0.disk', '/dev/../etc/passwd'],
    ['cluster_file_invalid', 'nodes.0.disk', '/etc/passwd'],
    ['cluster_file_invalid', 'nodes.0.fence.kind', 'none'],
    ['cluster_file_invalid', 'nodes.0.fence.port', 70_000],
    ['cluster_file_invalid', 'nodes.0.fence.password', 'x'.repeat(21)],
    ['cluster_file_invalid', 'nodes.0.fence', undefined],
    ['cluster_file_invalid', 'pool.preferredNode', 'san-c'],
    ['cluster_file_invalid', 'target.portals.0', '10.77.0.11/24'],
    ['cluster_file_invalid', 'colour', 'red'],
    ['cluster_file_invalid', 'nodes.0.colour', 'red'],
    ['cluster_file_invalid', 'properties', { token: -1 }],
  ] as const)('%s: %s = %j', async (code, path, value) => {
    const body = { file: changed(path, value), node: 'san-a' };
    const detail = await expectRefused(code, 'POST', '/api/v1/cluster', body);
    expect(detail).toContain(path.split('.')[0]);
    expect(detail).not.toContain('change-me');
  });
});

describe('other bodies', () => {
  const join = { address: '10.77.0.11', secret: 's', node: 'san-b' };
  it.each([
    ['address_invalid', '/api/v1/cluster/join', { ...join, address: 'san-a' }],
    ['name_invalid', '/api/v1/cluster/join', { ...join, node: 'San' }],
    ['body_invalid', '/api/v1/cluster/join', { ...join, secret: '' }],
    ['cluster_file_invalid', '/api/v1/cluster', { node: 'san-a' }],
    ['body_invalid', '/api/v1/cluster', []],
    ['body_invalid', '/api/v1/cleanup', { resource: 'a b' }],
    ['name_invalid', '/api/v1/cleanup', { node: 'A' }],
    ['body_invalid', '/api/v1/cleanup', { all: true }],
  ] as const)('%s at %s', async (code, path, body) => {
    await expectRefused(code, 'POST', path, body);
  });
});
