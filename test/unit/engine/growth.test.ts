import { describe, expect, test } from 'vitest';
import { apply, initialConfig, restoreIntent, intentOf } from '../../../src/engine/index.ts';
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

const applied = (config: ClusterConfig, command: Command) =>
  apply(config, { id: 'entry', at: milliseconds(1000), generation: 7, by: 'api', command });

function after(config: ClusterConfig, ...commands: readonly Command[]): ClusterConfig {
  return commands.reduce((present, command) => {
    const result = applied(present, command);
    if (!result.ok) throw new Error(result.failure.message);
    return result.value;
  }, config);
}

const make: Command = {
  kind: 'lun.create',
  name: 'a',
  pool: 'main',
  target: 'main',
  size: bytes(4 * EXTENT),
  hosts: ['client'],
  serial: '0123456789abcdef0123456789abcdef',
  operation: 'create-a',
};
const made = after(start, make, { kind: 'lun.created', name: 'a' });
const grow = (size: number, operation = 'grow-a', name = 'a'): Command => ({
  kind: 'lun.grow',
  name,
  size: bytes(size),
  operation,
});

describe('a growth', () => {
  test('is of whole extents, and the LUN has its old size until it is done', () => {
    const growing = after(made, grow(6 * EXTENT + 1));
    expect(growing.luns['a']).toMatchObject({ size: 4 * EXTENT, grow: { size: 7 * EXTENT } });
    expect(growing.operations['grow-a']).toMatchObject({ kind: 'lun.grow', state: 'running' });
    const grown = after(growing, { kind: 'lun.grown', name: 'a', operation: 'grow-a' });
    expect(grown.luns['a']).toEqual({ ...made.luns['a'], size: 7 * EXTENT });
    expect(grown.operations['grow-a']).toMatchObject({ state: 'succeeded', finishedAt: 1000 });
  });

  test('that fails leaves the LUN as it was', () => {
    const cause = failure('pool_full', 'no room');
    const gaveUp = after(made, grow(8 * EXTENT), {
      kind: 'lun.growFailed',
      name: 'a',
      operation: 'grow-a',
      failure: cause,
    });
    expect(gaveUp.luns['a']).toEqual(made.luns['a']);
    expect(gaveUp.operations['grow-a']).toMatchObject({
      state: 'failed',
      failure: { code: 'pool_full', message: 'a: no room' },
    });
  });

  test('to the size that it has, or is being extended to, changes nothing', () => {
    const growing = after(made, grow(8 * EXTENT));
    for (const [config, command] of [
      [made, grow(4 * EXTENT)],
      [made, grow(3 * EXTENT + 1)],
      [growing, grow(8 * EXTENT, 'another')],
      [growing, { kind: 'lun.grown', name: 'a', operation: 'another' }],
      [made, { kind: 'lun.grown', name: 'a', operation: 'grow-a' }],
      [made, { kind: 'lun.growFailed', name: 'b', operation: 'x', failure: failure('busy', '') }],
    ] satisfies [ClusterConfig, Command][]) {
      const result = applied(config, command);
      expect(result.ok && result.value === config, JSON.stringify(command)).toBe(true);
    }
  });

  test.each<[string, ClusterConfig, Command, string]>([
    ['to less', made, grow(3 * EXTENT), 'lun_would_shrink'],
    ['of what is being made', after(start, make), grow(8 * EXTENT), 'lun_busy'],
    ['beside another', after(made, grow(8 * EXTENT)), grow(9 * EXTENT, 'another'), 'lun_busy'],
    ['of nobody', made, grow(8 * EXTENT, 'o', 'b'), 'lun_not_found'],
    ['of a name that every object has', made, grow(8 * EXTENT, 'o', 'constructor'), 'lun_not_found'],
    [
      'of what is being deleted',
      after(made, { kind: 'lun.delete', name: 'a', operation: 'd' }),
      grow(8 * EXTENT),
      'lun_busy',
    ],
  ])('%s is refused', (_, config, command, code) => {
    expect(applied(config, command)).toMatchObject({ ok: false, failure: { code } });
  });

  test('ends with its LUN', () => {
    const deleting = after(made, grow(8 * EXTENT), { kind: 'lun.delete', name: 'a', operation: 'd' });
    expect(deleting.luns['a']).not.toHaveProperty('grow');
    expect(deleting.luns['a']).toMatchObject({ size: 4 * EXTENT, state: 'deleting' });
    expect(deleting.operations['grow-a']).toMatchObject({ state: 'failed' });
  });

  test('is neither undone nor begun anew by a restored configuration', () => {
    const growing = after(made, grow(8 * EXTENT));
    const grown = after(growing, { kind: 'lun.grown', name: 'a', operation: 'grow-a' });
    expect(restoreIntent(grown, intentOf(growing)).config).toBe(grown);
    expect(restoreIntent(growing, intentOf(made)).config).toBe(growing);
  });
});
