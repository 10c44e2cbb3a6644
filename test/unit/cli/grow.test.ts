import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytes, failed, failure, success, type ReplyOf } from '../../../src/model/index.ts';
import { lun, operation } from '../api/fake-gateway.ts';
import { serve, type Served } from '../api/served.ts';
import * as schemas from '../../../src/api/schemas/index.ts';
import { keelson } from './command.ts';

const GIB = 2 ** 30;
let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

const growing = (size: number): ReplyOf<'lun.grow'> => ({
  lun: lun({ growingTo: bytes(size) }),
  operation: operation({ kind: 'lun.grow' }),
});
const asked = () =>
  served.gateway.asked.filter(({ kind }) => kind === 'lun.grow').map(({ request }) => request);

describe('keelson lun grow', () => {
  it('waits, and says what is to be typed on the hosts', async () => {
    served.gateway.replies = {
      'lun.grow': () => success(growing(20 * GIB)),
      operation: () => success(operation({ kind: 'lun.grow', state: 'succeeded' })),
      lun: () => success(lun({ size: bytes(20 * GIB) })),
    };
    const { code, stdout, stderr } = await keelson(served, ['lun', 'grow', 'web', '20G']);
    expect([code, stderr]).toEqual([0, 'extending the LUN web to 20 GiB (operation op-1)\n']);
    expect(stdout).toContain('The LUN web has 20 GiB (21474836480 bytes).');
    expect(stdout).toContain('Linux:    iscsiadm --mode session --rescan');
    expect(asked()).toEqual([{ name: 'web', size: 20 * GIB }]);
  });

  it('asks for the whole size where it is to be so much more', async () => {
    served.gateway.replies = {
      lun: () => success(lun({ size: bytes(10 * GIB) })),
      'lun.grow': () => success(growing(15 * GIB)),
    };
    const { code, stdout } = await keelson(served, ['lun', 'grow', 'web', '+5G', '--no-wait']);
    expect([code, stdout]).toEqual([0, 'Begun. See `keelson operation show op-1`.\n']);
    expect(asked()).toEqual([{ name: 'web', size: 15 * GIB }]);
  });

  it('has nothing to do for the size that it has', async () => {
    served.gateway.replies['lun.grow'] = () => success({ lun: lun(), operation: undefined });
    const { code, stdout } = await keelson(served, ['lun', 'grow', 'web', '10G']);
    expect(code).toBe(0);
    expect(stdout).toContain('The LUN web has 10 GiB');
  });

  it.each([
    ['+', 'size_invalid'],
    ['+10X', 'size_invalid'],
    ['0', 'size_invalid'],
  ])('refuses %s', async (size, problem) => {
    const { code, stderr } = await keelson(served, ['lun', 'grow', 'web', size]);
    expect([code, asked()]).toEqual([1, []]);
    expect(stderr).toContain(`code: ${problem}`);
  });

  it('tells why a LUN does not become smaller', async () => {
    served.gateway.replies['lun.grow'] = () => failed(failure('lun_would_shrink', 'LUN web has more'));
    const { code, stderr } = await keelson(served, ['lun', 'grow', 'web', '1G']);
    expect(code).toBe(1);
    expect(stderr).toContain('code: lun_would_shrink');
  });
});

describe('PATCH /luns/{name}', () => {
  const send = (path = '/api/v1/luns/web', body: object = { size: '20G' }) =>
    served.send('PATCH', path, body);

  it('answers 202 with the operation, and what the hosts are to be told', async () => {
    served.gateway.replies['lun.grow'] = () => success(growing(20 * GIB));
    const reply = await send();
    expect([reply.status, reply.headers.location]).toEqual([202, '/api/v1/operations/op-1']);
    const { operation: begun, lun: seen, afterGrow } = schemas.LunGrown.parse(reply.body);
    expect([begun?.state, seen.growingTo, afterGrow.windows]).toEqual([
      'running',
      20 * GIB,
      ['Update-HostStorageCache'],
    ]);
  });

  it('answers 200 where it waited for the end, or had nothing to do', async () => {
    served.gateway.replies = {
      'lun.grow': () => success(growing(20 * GIB)),
      operation: () => success(operation({ kind: 'lun.grow', state: 'succeeded' })),
      lun: () => success(lun({ size: bytes(20 * GIB) })),
    };
    const waited = await send('/api/v1/luns/web?wait=9');
    expect([waited.status, schemas.LunGrown.parse(waited.body).lun.size]).toEqual([200, 20 * GIB]);
    served.gateway.replies['lun.grow'] = () => success({ lun: lun(), operation: undefined });
    const nothing = await send();
    expect([nothing.status, schemas.LunGrown.parse(nothing.body).operation]).toEqual([200, undefined]);
  });

  it.each([{}, { size: 0 }, { size: -1 }, { size: '1e3' }, { size: 2 ** 53 }, { size: '10G', name: 'x' }])(
    'refuses %j before the engine is asked',
    async (body) => {
      expect((await send(undefined, body)).status).toBe(400);
      expect(served.gateway.asked).toEqual([]);
    },
  );
});
