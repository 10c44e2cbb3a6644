import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  bytes,
  failed,
  failure,
  milliseconds,
  success,
  type PoolView,
  type SplitView,
} from '../../../src/model/index.ts';
import { operation } from '../api/fake-gateway.ts';
import { serve, type Served } from '../api/served.ts';
import { keelson } from './command.ts';

const split: SplitView = {
  since: milliseconds(Date.parse('2026-11-23T10:00:00Z')),
  apart: milliseconds(Date.parse('2026-11-23T09:30:00Z')),
  relation: 'split',
  copies: [
    {
      node: 'san-a',
      serves: true,
      disk: 'UpToDate',
      connection: 'StandAlone',
      differs: bytes(12 * 2 ** 20),
      hosts: ['db', 'web'],
    },
    {
      node: 'san-b',
      serves: false,
      disk: 'UpToDate',
      connection: 'WFConnection',
      differs: bytes(4 * 2 ** 20),
    },
  ],
};
const pool = (given: Partial<PoolView> = {}): PoolView => ({
  name: 'main',
  state: 'ready',
  primary: 'san-a',
  disks: { 'san-a': 'UpToDate', 'san-b': 'UpToDate' },
  split,
  ...given,
});
const recovering = operation({ kind: 'pool.recover', subject: 'main' });

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());
beforeEach(() => {
  served.gateway.asked.splice(0);
  served.gateway.replies = {
    pool: () => success(pool()),
    'pool.recover': () => success({ operation: recovering }),
    operation: () => success({ ...recovering, state: 'succeeded' }),
  };
});
const asked = () =>
  served.gateway.asked.filter(({ kind }) => kind === 'pool.recover').map(({ request }) => request);
const confirmed = ['--discard', 'san-b', '--acknowledge', 'discard san-b'];

describe('keelson pool recover', () => {
  it('without a node shows what each copy has, and the command for each choice', async () => {
    const { code, stdout } = await keelson(served, ['pool', 'recover', 'main']);
    expect([code, asked()]).toEqual([0, []]);
    expect(stdout).toContain('Found 2026-11-23 10:00:00 UTC; they differ since 2026-11-23 09:30:00 UTC.');
    expect(stdout).toMatch(/^san-a +yes +12 MiB +db, web +UpToDate +StandAlone$/m);
    expect(stdout).toMatch(/^san-b +no +4 MiB +unknown +UpToDate +WFConnection$/m);
    expect(stdout).toContain('keelson pool recover main --discard san-b');
    expect(stdout).toContain('keelson node standby san-a --force');
    const json = await keelson(served, ['pool', 'recover', 'main', '--json']);
    expect(JSON.parse(json.stdout)).toEqual(split);
  });

  it('is named by keelson pool show', async () => {
    const { stdout } = await keelson(served, ['pool', 'show', 'main']);
    expect(stdout).toMatch(/^split +since 2026-11-23 10:00:00 UTC; see `keelson pool recover main`$/m);
  });

  it('says unknown of what nobody knows', async () => {
    const [serving, other] = split.copies;
    if (serving === undefined || other === undefined) throw new Error('two copies');
    const found = { since: split.since, relation: split.relation };
    const copies = [
      { ...serving, hosts: [] },
      { node: 'san-b', serves: false, disk: 'unknown', connection: 'unknown' },
    ];
    served.gateway.replies['pool'] = () => success(pool({ split: { ...found, copies } }));
    const { stdout } = await keelson(served, ['pool', 'recover', 'main']);
    expect(stdout).toContain('since when they differ is unknown');
    expect(stdout).toMatch(/^san-a +yes +12 MiB +none now/m);
    expect(stdout).toMatch(/^san-b +no +unknown +unknown +unknown +unknown$/m);
  });

  it('says that nothing is split, and what to do where DRBD cannot help', async () => {
    served.gateway.replies['pool'] = () => success(pool({ split: { ...split, relation: 'unrelated' } }));
    const unrelated = await keelson(served, ['pool', 'recover', 'main']);
    expect(unrelated.stdout).toContain('keelson node replace NODE --disk DISK --overwrite DISK');
    expect(unrelated.stdout).not.toContain('--discard');
    const whole: PoolView = { name: 'main', state: 'ready', primary: 'san-a', disks: {} };
    served.gateway.replies['pool'] = () => success(whole);
    const nothing = await keelson(served, ['pool', 'recover', 'main']);
    expect([nothing.code, nothing.stdout]).toEqual([
      0,
      'Pool main is not split: no copy is known to have data that the other lacks.\n',
    ]);
  });

  it('discards what a person has confirmed in words, and waits for the end', async () => {
    const { code, stdout, stderr } = await keelson(served, ['pool', 'recover', 'main', ...confirmed]);
    expect(asked()).toEqual([{ name: 'main', discard: 'san-b' }]);
    expect([code, stdout]).toEqual([0, 'Pool main is whole again: both nodes have all the data.\n']);
    expect(stderr).toContain('discarding what was written to pool main on san-b (operation op-1)');
    const begun = await keelson(served, ['pool', 'recover', 'main', ...confirmed, '--no-wait']);
    expect(begun.stdout).toBe('Begun. See `keelson operation show op-1`.\n');
  });

  it('does nothing without these words, or with others', async () => {
    const unasked = await keelson(served, ['pool', 'recover', 'main', '--discard', 'san-b']);
    expect([unasked.code, asked()]).toEqual([2, []]);
    expect(unasked.stderr).toContain("--acknowledge 'discard san-b'");
    const words = ['--discard', 'san-b', '--acknowledge', 'discard san-a'];
    const wrong = await keelson(served, ['pool', 'recover', 'main', ...words]);
    expect([wrong.code, asked()]).toEqual([2, []]);
  });

  it('follows what is under way without asking again', async () => {
    served.gateway.replies['pool'] = () => success(pool({ split: { ...split, discarding: 'san-b' } }));
    const { code } = await keelson(served, ['pool', 'recover', 'main', '--discard', 'san-b']);
    expect([code, asked().length]).toEqual([0, 1]);
  });

  it('tells a refusal with the next step, without a question', async () => {
    served.gateway.replies['pool.recover'] = () =>
      failed(failure('recovery_victim_serves', 'san-a serves pool main'));
    const { code, stderr } = await keelson(served, ['pool', 'recover', 'main', '--discard', 'san-a']);
    expect(code).toBe(1);
    expect(stderr).toContain('san-a serves pool main');
    expect(stderr).toContain('keelson node standby NODE --force');
    served.gateway.replies['operation'] = () =>
      success({ ...recovering, state: 'failed', failure: failure('recovery_failed', 'met and parted') });
    served.gateway.replies['pool.recover'] = () => success({ operation: recovering });
    const late = await keelson(served, ['pool', 'recover', 'main', ...confirmed]);
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('met and parted')]);
  });
});
