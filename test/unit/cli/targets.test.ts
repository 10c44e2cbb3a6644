import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytes, failed, failure, success, type PoolView, type TargetView } from '../../../src/model/index.ts';
import { serve, type Served } from '../api/served.ts';
import { keelson } from './command.ts';

const target: TargetView = {
  name: 'main',
  etag: 'a1b2',
  iqn: 'iqn.2026-11.com.example:san',
  pool: 'main',
  portals: [{ address: '10.0.3.100', prefix: 24, state: 'active', connections: 2 }],
  luns: 3,
  servedBy: 'san-a',
  initiators: ['iqn.2026-11.com.example:web'],
};
const pool: PoolView = {
  name: 'main',
  state: 'ready',
  preferredNode: 'san-a',
  primary: 'san-b',
  disks: { 'san-a': 'UpToDate', 'san-b': 'UpToDate' },
  size: bytes(100 * 2 ** 30),
  free: bytes(40 * 2 ** 30),
};

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());
beforeEach(() => {
  served.gateway.asked.splice(0);
  served.gateway.replies = {
    targets: () => success({ items: [target] }),
    target: () => success(target),
    pools: () => success({ items: [pool] }),
    pool: () => success(pool),
    'portal.add': () => success(target),
    'portal.remove': () => success({ target }),
  };
});

describe('keelson target, portal and pool', () => {
  it('show who is logged in where, and how much is free', async () => {
    const shown = (await keelson(served, ['target', 'show', 'main'])).stdout;
    expect(shown).toContain('10.0.3.100/24, active, 2 connections');
    expect(shown).toContain('iqn.2026-11.com.example:web');
    const pools = (await keelson(served, ['pool', 'list'])).stdout;
    expect(pools.split('\n')[1]).toMatch(/^main +ready +100 GiB +40 GiB +san-b +san-a +san-a: UpToDate/);
  });

  it('tell of thin LUNs what they share, how full it is, and what was promised', async () => {
    const gib = (count: number) => bytes(count * 2 ** 30);
    const thin = { size: gib(10), reachable: gib(50), provisioned: gib(300) };
    const full = { ...thin, state: 'ok', usedPercent: 12, metadataPercent: 3 } as const;
    served.gateway.replies['pool'] = () => success({ ...pool, thin: full });
    const shown = (await keelson(served, ['pool', 'show', 'main'])).stdout;
    expect(shown).toMatch(/thin LUNs share +10 GiB, at most 50 GiB/);
    expect(shown).toContain('12 % of that used, 3 % of its metadata: ok');
    expect(shown).toContain('300 GiB promised');
  });

  it('portal add takes an address with its prefix length, and no other', async () => {
    const wrong = await keelson(served, ['portal', 'add', 'main', '10.0.3.101']);
    expect([wrong.code, served.gateway.asked]).toEqual([2, []]);
    expect(wrong.stderr).toContain('such as 10.0.3.101/24');
    expect((await keelson(served, ['portal', 'add', 'main', '10.0.3.101/24'])).code).toBe(0);
    expect(served.gateway.asked).toEqual([
      { kind: 'portal.add', request: { name: 'main', address: '10.0.3.101', prefix: 24 } },
    ]);
  });

  it('portal add and remove take an IPv6 address in any form, which is from then on the one that everybody writes', async () => {
    expect((await keelson(served, ['portal', 'add', 'main', '2001:DB8:5:0::0010/64'])).code).toBe(0);
    expect((await keelson(served, ['portal', 'remove', 'main', '2001:db8:5::0:10'])).code).toBe(0);
    const address = '2001:db8:5::10';
    expect(served.gateway.asked).toEqual([
      { kind: 'portal.add', request: { name: 'main', address, prefix: 64 } },
      { kind: 'portal.remove', request: { name: 'main', address, force: false } },
    ]);
    for (const wrong of ['fe80::10/64', '2001:db8:5::/64', '2001:db8:5::10/24', '10.0.3.101/64']) {
      const refused = await keelson(served, ['portal', 'add', 'main', wrong]);
      expect(refused.stderr, wrong).toContain('code: address_invalid');
    }
    expect(served.gateway.asked).toHaveLength(2);
  });

  it('portal remove says who is in the way, and can be forced', async () => {
    served.gateway.replies['portal.remove'] = ({ force }) =>
      force === true ? success({ target }) : failed(failure('portal_in_use', '2 connections of hosts'));
    const refused = await keelson(served, ['portal', 'remove', 'main', '10.0.3.101']);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('code: portal_in_use');
    expect((await keelson(served, ['portal', 'remove', 'main', '10.0.3.101', '--force'])).code).toBe(0);
  });
});
