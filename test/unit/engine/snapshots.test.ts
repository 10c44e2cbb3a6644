import { describe, expect, test } from 'vitest';
import { apply, initialConfig, intentOf, restoreIntent } from '../../../src/engine/index.ts';
import {
  bytes,
  EXTENT,
  failure,
  milliseconds,
  type ClusterConfig,
  type Command,
} from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';

const applied = (config: ClusterConfig, command: Command) =>
  apply(config, { id: 'entry', at: milliseconds(1000), generation: 7, by: 'api', command });

function after(config: ClusterConfig, ...commands: readonly Command[]): ClusterConfig {
  return commands.reduce((present, command) => {
    const result = applied(present, command);
    if (!result.ok) throw new Error(`${command.kind}: ${result.failure.message}`);
    return result.value;
  }, config);
}

let serials = 0;
const fresh = (): string => (serials += 1).toString(16).padStart(32, '0');

const make = (name: string, thin?: true): Command => ({
  kind: 'lun.create',
  name,
  pool: 'main',
  target: 'main',
  size: bytes(4 * EXTENT),
  thin,
  hosts: ['client'],
  serial: fresh(),
  operation: `create-${name}`,
});
const take = (name: string, operation = `take-${name}`): Command => ({
  kind: 'snapshot.create',
  name,
  serial: fresh(),
  operation,
});
const taken = (name: string, operation = `take-${name}`): Command => ({
  kind: 'snapshot.created',
  name,
  operation,
});
const drop = (name: string): Command => ({ kind: 'snapshot.delete', name, operation: `drop-${name}` });
const dropped = (name: string): Command => ({ kind: 'snapshot.deleted', name, operation: `drop-${name}` });
const roll = (snapshot: string, more: { discard?: true; operation?: string } = {}): Command => ({
  kind: 'lun.rollback',
  name: 'a',
  snapshot,
  serial: fresh(),
  operation: 'roll',
  ...more,
});
const clone = (name: string, from: string): Command => ({ ...make(name, true), from }) as Command;

const start = initialConfig(clusterFile, { clusterId: 'c', poolSecret: 'p' });
const made = after(start, make('a', true), { kind: 'lun.created', name: 'a' });
const kept = after(made, take('a@1'), taken('a@1'));

describe('a snapshot', () => {
  test('is made and goes, and its configuration is as if it had never been', () => {
    const making = after(made, take('a@1'));
    expect(making.snapshots?.['a@1']).toMatchObject({
      lun: 'a',
      pool: 'main',
      size: 4 * EXTENT,
      state: 'creating',
    });
    expect(making.snapshots?.['a@1']?.volume).toMatch(/^keelson_snap_[0-9a-f]{32}$/);
    expect(kept.operations['take-a@1']).toMatchObject({ state: 'succeeded' });
    const gone = after(kept, drop('a@1'), dropped('a@1'));
    expect(gone).not.toHaveProperty('snapshots');
    expect(gone.operations['drop-a@1']).toMatchObject({ state: 'succeeded' });
  });

  test('that could not be made goes like any other one', () => {
    const cause = failure('pool_full', 'no room');
    const failing = after(made, take('a@1'), {
      kind: 'snapshot.createFailed',
      name: 'a@1',
      operation: 'take-a@1',
      failure: cause,
    });
    expect(failing.snapshots?.['a@1']?.state).toBe('deleting');
    expect(failing.operations['take-a@1']).toMatchObject({
      state: 'failed',
      failure: { message: 'a@1: no room' },
    });
    const gone = after(failing, { kind: 'snapshot.deleted', name: 'a@1', operation: 'take-a@1' });
    expect(gone).not.toHaveProperty('snapshots');
    expect(gone.operations['take-a@1']).toMatchObject({ state: 'failed' });
  });

  test.each<[string, ClusterConfig, Command]>([
    ['that is there', kept, take('a@1', 'again')],
    ['that is being made', after(made, take('a@1')), take('a@1', 'again')],
    ['made by another operation', after(made, take('a@1')), taken('a@1', 'other')],
    ['made twice', kept, taken('a@1')],
    ['that went, once more', after(kept, drop('a@1'), dropped('a@1')), drop('a@1')],
    ['that is going, once more', after(kept, drop('a@1')), { ...drop('a@1'), operation: 'again' } as Command],
    ['gone by a word that is late', kept, dropped('a@1')],
  ])('%s changes nothing', (_, config, command) => {
    const result = applied(config, command);
    expect(result.ok && result.value === config).toBe(true);
  });

  const thick = after(start, make('t'), { kind: 'lun.created', name: 't' });
  const growing = after(made, { kind: 'lun.grow', name: 'a', size: bytes(8 * EXTENT), operation: 'grow' });
  const many = Array.from({ length: 64 }, (_, index) => `a@${index}`).reduce(
    (config, name) => after(config, take(name), taken(name)),
    made,
  );

  test.each<[string, ClusterConfig, Command, string]>([
    ['of nobody', made, take('b@1'), 'lun_not_found'],
    ['of a name that every object has', made, take('constructor@1'), 'lun_not_found'],
    ['of no LUN', made, take('@1'), 'lun_not_found'],
    ['of a thick LUN', thick, take('t@1'), 'lun_not_thin'],
    ['of one that is being made', after(start, make('a', true)), take('a@1'), 'lun_busy'],
    [
      'of one that is going',
      after(made, { kind: 'lun.delete', name: 'a', operation: 'd' }),
      take('a@1'),
      'lun_busy',
    ],
    ['of one that grows', growing, take('a@1'), 'lun_busy'],
    ['of one that is rolled back', after(kept, roll('a@1')), take('a@2'), 'lun_busy'],
    ['beyond what one LUN may have', many, take('a@more'), 'snapshot_limit'],
    ['that is going', after(kept, drop('a@1')), take('a@1'), 'snapshot_busy'],
    ['whose making is to be undone', after(made, take('a@1')), drop('a@1'), 'snapshot_busy'],
    ['that a LUN is rolled back to, and is to go', after(kept, roll('a@1')), drop('a@1'), 'snapshot_busy'],
    ['that is being cloned, and is to go', after(kept, clone('b', 'a@1')), drop('a@1'), 'snapshot_busy'],
    ['whose LUN is to go', kept, { kind: 'lun.delete', name: 'a', operation: 'd' }, 'lun_has_snapshots'],
    [
      'being made, whose LUN is to go with all',
      after(made, take('a@1')),
      { kind: 'lun.delete', name: 'a', snapshots: true, operation: 'd' },
      'lun_busy',
    ],
  ])('%s is refused', (_, config, command, code) => {
    expect(applied(config, command)).toMatchObject({ ok: false, failure: { code } });
  });

  test('goes with its LUN, whose operation ends when all of it is gone', () => {
    const both = after(kept, take('a@2'), taken('a@2'));
    const going = after(both, { kind: 'lun.delete', name: 'a', snapshots: true, operation: 'd' });
    expect(Object.values(going.snapshots ?? {}).map(({ state }) => state)).toEqual(['deleting', 'deleting']);
    const first = after(
      going,
      { kind: 'snapshot.deleted', name: 'a@1', operation: 'd' },
      { kind: 'snapshot.deleted', name: 'a@2', operation: 'd' },
    );
    expect(first).not.toHaveProperty('snapshots');
    expect(first.operations['d']).toMatchObject({ state: 'running' });
    expect(after(first, { kind: 'lun.deleted', name: 'a' }).operations['d']).toMatchObject({
      state: 'succeeded',
    });
  });

  test('names a few in the refusal of its LUN’s deletion, and says how many more there are', () => {
    const refused = applied(many, { kind: 'lun.delete', name: 'a', operation: 'd' });
    expect(refused.ok ? '' : refused.failure.message).toBe(
      'LUN a has a@0, a@1, a@10, a@11, a@12 and 59 more',
    );
  });

  test('is data: no restored configuration brings one back, or takes one away', () => {
    expect(restoreIntent(kept, intentOf(made)).config).toBe(kept);
    expect(restoreIntent(made, intentOf(kept)).config).toBe(made);
  });
});

describe('a rollback', () => {
  const rolling = after(kept, roll('a@1'));
  const rolled: Command = { kind: 'lun.rolledBack', name: 'a', operation: 'roll' };
  const volume = rolling.snapshots?.['a@before-rollback-1']?.volume;

  test('exchanges two volumes by one entry; the snapshot and the identity stay', () => {
    expect(rolling.luns['a']).toMatchObject({ rollback: { snapshot: 'a@1', kept: 'a@before-rollback-1' } });
    const done = after(rolling, rolled);
    expect(done.luns['a']).toEqual({ ...kept.luns['a'], volume, operation: 'roll' });
    expect(done.snapshots?.['a@before-rollback-1']).toMatchObject({
      volume: 'a',
      state: 'creating',
      keptBy: 'rollback',
    });
    expect(done.snapshots?.['a@1']).toEqual(kept.snapshots?.['a@1']);
    // Until the LUN is seen in service.
    expect(done.operations['roll']).toMatchObject({ state: 'running' });
    const away = after(done, taken('a@before-rollback-1', 'roll'));
    expect(away.snapshots?.['a@before-rollback-1']?.state).toBe('ready');
    expect(away.operations['roll']).toMatchObject({ state: 'running' });
  });

  test('keeps nothing where that is wanted', () => {
    const done = after(kept, roll('a@1', { discard: true }), rolled);
    expect(done.snapshots?.['a@before-rollback-1']).toMatchObject({ volume: 'a', state: 'deleting' });
  });

  test('that fails leaves the LUN as it was, and what was made of it goes', () => {
    const failing = after(rolling, {
      kind: 'lun.rollbackFailed',
      name: 'a',
      operation: 'roll',
      failure: failure('pool_full', 'no room'),
    });
    expect(failing.luns['a']).toEqual(kept.luns['a']);
    expect(failing.snapshots?.['a@before-rollback-1']).toMatchObject({ volume, state: 'deleting' });
    expect(failing.operations['roll']).toMatchObject({ state: 'failed' });
  });

  test('is one, however often it is asked for', () => {
    for (const [config, command] of [
      [rolling, roll('a@1', { operation: 'again' })],
      [rolling, { ...rolled, operation: 'other' }],
      [kept, rolled],
    ] satisfies [ClusterConfig, Command][]) {
      const result = applied(config, command);
      expect(result.ok && result.value === config).toBe(true);
    }
  });

  test('numbers what it keeps beyond all that was kept', () => {
    const done = after(
      rolling,
      rolled,
      taken('a@before-rollback-1', 'roll'),
      roll('a@1', { operation: 'two' }),
    );
    expect(done.luns['a']?.rollback?.kept).toBe('a@before-rollback-2');
    const mine = after(kept, take('a@before-rollback-9'), taken('a@before-rollback-9'), roll('a@1'));
    expect(mine.luns['a']?.rollback?.kept).toBe('a@before-rollback-10');
  });

  test.each<[string, ClusterConfig, Command, string]>([
    ['to nothing', kept, roll('a@2'), 'snapshot_not_found'],
    ['to what every object has', kept, roll('constructor'), 'snapshot_not_found'],
    [
      'to another LUN’s',
      after(kept, make('b', true), { kind: 'lun.created', name: 'b' }, take('b@1'), taken('b@1')),
      roll('b@1'),
      'snapshot_not_found',
    ],
    ['to one that is being made', after(made, take('a@1')), roll('a@1'), 'snapshot_busy'],
    ['to one that goes', after(kept, drop('a@1')), roll('a@1'), 'snapshot_busy'],
    ['while another one is being made', after(kept, take('a@2')), roll('a@1'), 'snapshot_busy'],
    ['while the LUN is being cloned', after(kept, clone('b', 'a')), roll('a@1'), 'lun_busy'],
    ['beside another rollback', rolling, roll('a@1', { discard: true }), 'lun_busy'],
  ])('%s is refused', (_, config, command, code) => {
    expect(applied(config, command)).toMatchObject({ ok: false, failure: { code } });
  });

  test('is neither undone nor begun anew by a restored configuration', () => {
    const done = after(rolling, rolled);
    expect(restoreIntent(done, intentOf(kept)).config).toBe(done);
    expect(restoreIntent(kept, intentOf(rolling)).config).toBe(kept);
  });
});

describe('a clone', () => {
  test('has the size of what it is made of, whatever was said, and forgets its volume when it is made', () => {
    const cloning = after(kept, { ...clone('b', 'a@1'), size: bytes(EXTENT) } as Command);
    expect(cloning.luns['b']).toMatchObject({
      size: 4 * EXTENT,
      clonedFrom: 'a@1',
      source: kept.snapshots?.['a@1']?.volume,
    });
    const done = after(cloning, { kind: 'lun.created', name: 'b' });
    expect(done.luns['b']).not.toHaveProperty('source');
    expect(done.luns['b']).toMatchObject({ clonedFrom: 'a@1', state: 'ready' });
  });

  test('of a LUN that was rolled back is of the data that it has now', () => {
    const done = after(kept, roll('a@1'), { kind: 'lun.rolledBack', name: 'a', operation: 'roll' });
    expect(after(done, clone('b', 'a')).luns['b']?.source).toBe(done.luns['a']?.volume);
  });

  test.each<[string, ClusterConfig, Command, string]>([
    [
      'keeps its origin',
      after(kept, clone('b', 'a')),
      { kind: 'lun.delete', name: 'a', snapshots: true, operation: 'd' },
      'lun_busy',
    ],
    [
      'keeps the LUN of the snapshot',
      after(kept, clone('b', 'a@1')),
      { kind: 'lun.delete', name: 'a', snapshots: true, operation: 'd' },
      'lun_busy',
    ],
    ['is not of another origin', after(kept, clone('b', 'a@1')), clone('b', 'a'), 'name_taken'],
    ['is no new LUN', after(kept, clone('b', 'a@1')), make('b', true), 'name_taken'],
    ['is no LUN that is there', kept, clone('a', 'a@1'), 'name_taken'],
  ])('%s', (_, config, command, code) => {
    expect(applied(config, command)).toMatchObject({ ok: false, failure: { code } });
  });
});
