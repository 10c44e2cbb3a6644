import { describe, expect, test } from 'vitest';
import {
  apply,
  canonical,
  differences,
  HIDDEN,
  intentOf,
  restoreIntent,
  withoutSecrets,
} from '../../../src/engine/index.ts';
import { bytes, milliseconds, type ClusterConfig, type Command } from '../../../src/model/index.ts';
import { Random } from '../../simulation/random.ts';
import { beginning, changed, makeLun } from '../platform/fixtures/changes.ts';

const after = (config: ClusterConfig, ...commands: readonly Command[]): ClusterConfig =>
  commands.reduce((present, command) => changed(present, command).config, config);

const start = beginning();
/** Of what the test knows to be there. */
function existing<Item>(items: Readonly<Record<string, Item>>, name: string): Item {
  const item = items[name];
  if (item === undefined) throw new Error(`no ${name}`);
  return item;
}

const bring = (now: ClusterConfig, past: ClusterConfig) => restoreIntent(now, intentOf(past));
const reasonOf = (subject: string, { kept }: ReturnType<typeof bring>): string | undefined =>
  kept.find((one) => one.subject === subject)?.reason;

describe('bringing back a revision', () => {
  test('gives back what nodes, resources and the cluster were asked', () => {
    const past = after(
      start,
      { kind: 'node.set', node: 'beta', standby: true },
      { kind: 'resource.set', resource: 'drbd-main', policy: { startDelay: milliseconds(7000) } },
    );
    const now = after(
      past,
      { kind: 'node.set', node: 'beta', standby: false, maintenance: true },
      { kind: 'resource.set', resource: 'drbd-main', policy: { startDelay: null, managed: false } },
      { kind: 'cluster.set', maintenance: true },
    );
    const { config, kept } = bring(now, past);
    expect(kept).toEqual([]);
    expect(canonical({ ...config, revision: 0 })).toBe(canonical({ ...past, revision: 0 }));
  });

  test('leaves LUNs made since, and does not make again what was deleted since', () => {
    const past = after(start, makeLun('gone'), { kind: 'lun.created', name: 'gone' });
    const now = after(
      past,
      { kind: 'lun.delete', name: 'gone', operation: 'delete-gone' },
      { kind: 'lun.deleted', name: 'gone' },
      makeLun('fresh'),
    );
    const brought = bring(now, past);
    expect(brought.config).toBe(now);
    expect(reasonOf('luns.gone', brought)).toContain('deleted since');
    expect(reasonOf('luns.fresh', brought)).toContain('made since');
  });

  test('does not take a LUN of the same name for the one that was', () => {
    const past = after(
      start,
      { kind: 'pool.initialised', name: 'main' },
      makeLun('data'),
      { kind: 'lun.created', name: 'data' },
      { kind: 'resource.set', resource: 'lun-data', policy: { managed: false } },
    );
    const again = { ...makeLun('data'), serial: 'f'.repeat(32), size: bytes(2 ** 30) } as Command;
    const now = after(
      past,
      { kind: 'lun.delete', name: 'data', operation: 'd' },
      { kind: 'lun.deleted', name: 'data' },
      again,
      { kind: 'lun.created', name: 'data' },
    );
    const brought = bring(now, past);
    expect(brought.config).toBe(now);
    expect(reasonOf('luns.data', brought)).toContain('another LUN of that name');
    expect(reasonOf('resources.lun-data', brought)).toContain('made since');
  });

  test('takes back no state, identity or book-keeping', () => {
    const past = after(start, makeLun('data'));
    const now = after(
      past,
      { kind: 'pool.initialised', name: 'main' },
      { kind: 'pool.solo', name: 'main', node: 'alpha' },
      { kind: 'lun.created', name: 'data' },
      { kind: 'operation.finished', id: 'make-data', failure: undefined },
    );
    const brought = bring(now, past);
    expect(brought.config).toBe(now);
    expect(reasonOf('pools.main.solo', brought)).toContain('current');
    expect(reasonOf('pools.main.state', brought)).toBeDefined();
    expect(reasonOf('luns.data.state', brought)).toBeDefined();
  });

  test('gives back hosts and fence devices, but for what data stands on', () => {
    const lun = changed(start, makeLun('data')).config;
    const edited: ClusterConfig = {
      ...lun,
      hosts: { newcomer: { name: 'newcomer', initiators: ['iqn.2026-11.com.example:new'] } },
      luns: { data: { ...existing(lun.luns, 'data'), hosts: ['newcomer'], size: bytes(2 ** 40) } },
      targets: {
        main: { ...existing(lun.targets, 'main'), iqn: 'iqn.2026-11.com.example:other', portals: [] },
      },
      fenceDevices: {},
    };
    const brought = bring(edited, lun);
    expect(brought.config.hosts).toEqual(lun.hosts);
    expect(brought.config.luns['data']).toMatchObject({ hosts: ['client'], size: 2 ** 40 });
    // Whether an address is free is asked of the network, and who uses it of the hosts: not by a restore.
    expect(brought.config.targets['main']).toEqual(edited.targets['main']);
    expect(reasonOf('targets.main.portals', brought)).toContain('keelson portal add');
    expect(brought.config.fenceDevices).toEqual(lun.fenceDevices);
    expect(reasonOf('luns.data.size', brought)).toContain('data');
    // The other way about: a host that a LUN of now is for stays.
    const later: ClusterConfig = {
      ...edited,
      luns: { later: { ...existing(edited.luns, 'data'), name: 'later' } },
    };
    const back = bring(later, lun);
    expect(Object.keys(back.config.hosts).sort()).toEqual(['client', 'newcomer']);
    expect(reasonOf('hosts.newcomer', back)).toBe('the LUN later is for it');
  });

  test('is one revision, and none where nothing comes back', () => {
    const past = after(start, { kind: 'cluster.set', maintenance: true });
    const now = after(past, { kind: 'cluster.set', maintenance: false });
    const command: Command = { kind: 'config.restore', revision: 2, intent: intentOf(past) };
    const once = after(now, command);
    expect(once).toMatchObject({ revision: now.revision + 1, properties: { maintenance: true } });
    const entry = { id: 'e', at: milliseconds(1), generation: 1, by: 'api', command };
    const twice = apply(once, entry);
    expect(twice.ok && twice.value === once).toBe(true);
  });

  test('of any revision of any history changes neither LUNs nor pools, and is the same however it travelled', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = new Random(seed);
      const history = [changed(start, { kind: 'pool.initialised', name: 'main' }).config];
      for (let turn = 0; turn < 25; turn += 1) {
        const now = history.at(-1) ?? start;
        const command = somethingOrOther(random, now, turn);
        const applied = apply(now, { id: 'e', at: milliseconds(turn), generation: 1, by: 'api', command });
        if (applied.ok && applied.value !== now) history.push(applied.value);
      }
      const now = history.at(-1) ?? start;
      const past = random.pick(history);
      const command = { kind: 'config.restore', revision: past.revision, intent: intentOf(past) } as const;
      const entry = { id: 'r', at: milliseconds(99), generation: 2, by: 'api', command };
      const here = apply(now, entry);
      const there = apply(
        JSON.parse(JSON.stringify(now)) as ClusterConfig,
        JSON.parse(JSON.stringify(entry)) as typeof entry,
      );
      if (!here.ok || !there.ok) throw new Error(`seed ${seed}: refused`);
      expect(canonical(there.value), `seed ${seed}`).toBe(canonical(here.value));
      expect(dataOf(here.value), `seed ${seed}`).toEqual(dataOf(now));
      for (const lun of Object.values(here.value.luns))
        for (const host of lun.hosts) expect(here.value.hosts).toHaveProperty(host);
    }
  });
});

/** What data there is, and whose it is: never changed by a restore. */
const dataOf = ({ luns, pools, nextLunNumber, operations, clusterId }: ClusterConfig): unknown => ({
  luns: Object.values(luns).map((lun) => ({ ...lun, hosts: [] })),
  pools: Object.values(pools).map((pool) => ({ ...pool, preferredNode: undefined })),
  nextLunNumber,
  operations,
  clusterId,
});

function somethingOrOther(random: Random, config: ClusterConfig, turn: number): Command {
  const name = `lun-${random.between(1, 3)}`;
  const lun = config.luns[name];
  switch (random.between(0, 5)) {
    case 0:
      return { kind: 'node.set', node: 'beta', standby: random.chance(0.5) };
    case 1:
      return { kind: 'cluster.set', maintenance: random.chance(0.5) };
    case 2:
      return {
        kind: 'resource.set',
        resource: lun === undefined ? 'lvm-main' : `lun-${name}`,
        policy: { startDelay: milliseconds(random.between(0, 3)), managed: random.chance(0.5) },
      };
    case 3:
      return { kind: 'pool.solo', name: 'main', node: random.chance(0.5) ? 'alpha' : undefined };
    default:
      if (lun === undefined)
        return { ...makeLun(name), serial: random.hex(32), operation: `o${turn}` } as Command;
      return lun.state === 'creating'
        ? { kind: 'lun.created', name }
        : lun.state === 'ready'
          ? { kind: 'lun.delete', name, operation: `o${turn}` }
          : { kind: 'lun.deleted', name };
  }
}

describe('differences', () => {
  test('are told value by value, without secrets, revisions and operations', () => {
    const device = existing(start.fenceDevices, 'ipmi-alpha');
    if (device.kind !== 'ipmi') throw new Error('it is a management board');
    const now: ClusterConfig = {
      ...changed(start, makeLun('orders')).config,
      fenceDevices: { ...start.fenceDevices, 'ipmi-alpha': { ...device, password: 'a new one' } },
    };
    const found = differences(start, now);
    expect(found).toContainEqual({
      kind: 'changed',
      path: 'fenceDevices.ipmi-alpha.password',
      before: HIDDEN,
      after: HIDDEN,
    });
    expect(found).toContainEqual({
      kind: 'added',
      path: 'luns.orders.hosts',
      before: undefined,
      after: '["client"]',
    });
    expect(found.some(({ path }) => /^(revision|generation|operations)/.test(path))).toBe(false);
    expect(differences(now, start).map(({ kind }) => kind)).toEqual(
      found.map(({ kind }) => (kind === 'added' ? 'removed' : kind)),
    );
    expect(differences(now, now)).toEqual([]);
  });

  test('and views show no secret', () => {
    const text = JSON.stringify(withoutSecrets(start));
    expect(text).not.toContain('the secret of the pool');
    expect(text).not.toContain('not a secret here');
    expect(text).toContain(HIDDEN);
  });
});
