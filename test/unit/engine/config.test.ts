import { describe, expect, test } from 'vitest';
import { apply, canonical, initialConfig } from '../../../src/engine/index.ts';
import {
  bytes,
  EXTENT,
  failure,
  milliseconds,
  type ClusterConfig,
  type Command,
} from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';

const start = initialConfig(clusterFile, { clusterId: 'c', poolSecret: 'p' });

const make = (name: string, extents: number, operation = `create-${name}`): Command => ({
  kind: 'lun.create',
  name,
  pool: 'main',
  target: 'main',
  size: bytes(extents * EXTENT),
  hosts: ['client'],
  serial: '0123456789abcdef0123456789abcdef',
  operation,
});

const applied = (config: ClusterConfig, command: Command, generation = 7) =>
  apply(config, { id: 'entry', at: milliseconds(1000), generation, by: 'api', command });

function after(config: ClusterConfig, ...commands: readonly Command[]): ClusterConfig {
  return commands.reduce((present, command) => {
    const result = applied(present, command);
    if (!result.ok) throw new Error(result.failure.message);
    return result.value;
  }, config);
}

describe('commands', () => {
  test('a change gives the next revision, of the generation it was made in', () => {
    const config = after(start, make('a', 1));
    expect(config.revision).toBe(start.revision + 1);
    expect(config.generation).toBe(7);
    expect(config.luns['a']).toMatchObject({ number: 0, state: 'creating' });
    expect(config.operations['create-a']).toMatchObject({ state: 'running', kind: 'lun.create' });
  });

  test('what changes nothing gives the very same configuration', () => {
    const config = after(start, make('a', 1));
    for (const command of [
      make('a', 1, 'another'),
      { kind: 'lun.created', name: 'b' },
      { kind: 'lun.deleted', name: 'a' },
      { kind: 'lun.delete', name: 'b', operation: 'x' },
      { kind: 'pool.solo', name: 'main', node: undefined },
      { kind: 'operation.finished', id: 'unknown', failure: undefined },
    ] satisfies Command[])
      expect(applied(config, command)).toEqual({ ok: true, value: config });
    const same = applied(config, make('a', 1, 'another'));
    expect(same.ok && same.value === config).toBe(true);
  });

  test('nobody takes the pool from who has its current data; who has it gives it back', () => {
    const solo = (node: string | undefined): Command => ({ kind: 'pool.solo', name: 'main', node });
    const claimed = after(start, solo('beta'));
    expect(applied(claimed, solo('alpha'))).toMatchObject({ ok: false, failure: { code: 'pool_claimed' } });
    expect(applied(claimed, solo('beta'))).toEqual({ ok: true, value: claimed });
    expect(after(claimed, solo(undefined), solo('alpha')).pools['main']?.solo).toBe('alpha');
  });

  test('a size that rounds up to the same extents is the same size; another is refused', () => {
    const config = after(start, make('a', 1));
    const almost = { ...make('a', 1), size: bytes(EXTENT - 1) } as Command;
    expect(applied(config, almost).ok).toBe(true);
    expect(applied(config, make('a', 2))).toMatchObject({ ok: false, failure: { code: 'name_taken' } });
  });

  test('a number is never given twice, not even after a deletion', () => {
    const config = after(
      start,
      make('a', 1),
      { kind: 'lun.created', name: 'a' },
      { kind: 'lun.delete', name: 'a', operation: 'delete-a' },
      { kind: 'lun.deleted', name: 'a' },
      make('a', 1, 'again'),
    );
    expect(config.luns['a']?.number).toBe(1);
    expect(config.operations['delete-a']?.state).toBe('succeeded');
  });

  test('deleting a LUN ends the operation that made it', () => {
    const config = after(
      start,
      make('a', 1),
      { kind: 'lun.created', name: 'a' },
      { kind: 'lun.delete', name: 'a', operation: 'delete-a' },
    );
    expect(config.operations['create-a']?.state).toBe('succeeded');
    expect(config.operations['delete-a']?.state).toBe('running');
  });

  test('a creation that failed says why, and what was made of it is removed', () => {
    const config = after(start, make('a', 1), {
      kind: 'lun.createFailed',
      name: 'a',
      failure: failure('pool_full', 'no room'),
    });
    expect(config.luns['a']?.state).toBe('deleting');
    expect(config.operations['create-a']).toMatchObject({ state: 'failed', failure: { code: 'pool_full' } });
    const gone = after(config, { kind: 'lun.deleted', name: 'a' });
    expect(gone.luns).toEqual({});
    expect(gone.operations['create-a']?.state).toBe('failed');
  });

  test('old operations are forgotten, those that run are kept', () => {
    let config = after(start, make('first', 1));
    for (let count = 0; count < 150; count += 1)
      config = after(config, make(`l${count}`, 1), {
        kind: 'lun.createFailed',
        name: `l${count}`,
        failure: failure('pool_full', 'no room'),
      });
    expect(Object.keys(config.operations).length).toBeLessThanOrEqual(102);
    expect(config.operations['create-first']?.state).toBe('running');
  });
});

test('canonical text does not depend on the order of keys', () => {
  expect(canonical({ b: 1, a: { d: [2, { z: 1, y: 2 }], c: undefined } })).toBe(
    canonical({ a: { c: undefined, d: [2, { y: 2, z: 1 }] }, b: 1 }),
  );
});

test('canonical text is the JSON of the value, whatever of it was written before', () => {
  const lun = {
    serial: 'a"b',
    size: 5,
    hosts: ['x', undefined, null],
    left: undefined,
    more: [{}, [], [1.5]],
  };
  const values = [lun, { luns: { one: lun, two: { ...lun, size: 6 } }, on: true }, 'text', [lun, lun]];
  for (const value of [...values, ...values]) {
    const text = canonical(value);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    expect(canonical(JSON.parse(text)), 'read again').toBe(text);
  }
});
