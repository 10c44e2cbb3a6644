import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/engine/blueprint/index.ts';
import { apply, initialConfig, intentOf, restoreIntent } from '../../../src/engine/index.ts';
import {
  failure,
  milliseconds,
  RECOVERY_ATTEMPTS,
  type ClusterConfig,
  type Command,
} from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';

const start = initialConfig(clusterFile, { clusterId: 'c', poolSecret: 'p' });
const applied = (config: ClusterConfig, command: Command, at = 1000) =>
  apply(config, { id: 'entry', at: milliseconds(at), generation: 7, by: 'api', command });

function after(config: ClusterConfig, ...commands: readonly Command[]): ClusterConfig {
  return commands.reduce((present, command) => {
    const result = applied(present, command);
    if (!result.ok) throw new Error(result.failure.message);
    return result.value;
  }, config);
}

const generations = { alpha: 'A', beta: 'B' };
const name = 'main';
const found = (primary?: string, relation: 'split' | 'unrelated' = 'split'): Command => ({
  kind: 'pool.split',
  name,
  relation,
  generations,
  primary,
});
const recover = (discard: string, operation = 'o'): Command => ({
  kind: 'pool.recover',
  name,
  discard,
  operation,
});
const step = (phase: 'victim' | 'survivor' | 'meet', operation = 'o'): Command => ({
  kind: 'recover.step',
  name,
  operation,
  phase,
});
const ready = after(start, { kind: 'pool.initialised', name });
const pool = (config: ClusterConfig) => config.pools[name];
const banned = (config: ClusterConfig) =>
  compile(config)
    .locations.filter(({ role, score }) => role === 'promoted' && score < 0)
    .map(({ node }) => node);
const deeds = (config: ClusterConfig) =>
  compile(config).deeds.map(({ operation, where, resource: { parameters } }) => ({
    operation,
    node: where.node,
    reconnect: parameters['reconnect'],
  }));

describe('a split brain that was found', () => {
  test('keeps every copy from being promoted but that of the node that serves', () => {
    expect(banned(ready)).toEqual([]);
    const serving = after(ready, found('alpha'));
    expect(pool(serving)).toMatchObject({ solo: 'alpha', split: { since: 1000, generations } });
    expect(banned(serving)).toEqual(['beta']);
    expect(banned(after(ready, found()))).toEqual(['alpha', 'beta']);
  });

  test('leaves the pool to whom it belonged, and tells since when', () => {
    const alone = after(ready, { kind: 'pool.solo', name, node: 'beta' });
    const both = applied(alone, found('alpha'), 5000);
    if (!both.ok) throw new Error(both.failure.message);
    expect(pool(both.value)).toMatchObject({ solo: 'beta', split: { since: 5000, apart: 1000 } });
    expect(banned(both.value)).toEqual(['alpha']);
  });

  test('is found once, and over when the copies have met', () => {
    const split = after(ready, found('alpha'));
    expect(after(split, found('beta'))).toBe(split);
    const over = after(split, { kind: 'pool.joined', name });
    expect(pool(over)?.split).toBeUndefined();
    // The other copy may still lag behind.
    expect(banned(over)).toEqual(['beta']);
    expect(after(over, { kind: 'pool.joined', name })).toBe(over);
  });
});

describe('a recovery', () => {
  test('has the node that discards connect first, with what the other one has, then the other one', () => {
    const asked = after(ready, found('alpha'), recover('beta'));
    expect(asked.operations['o']).toMatchObject({ kind: 'pool.recover', subject: name, state: 'running' });
    expect(deeds(asked)).toEqual([
      { operation: 'reconnect', node: 'beta', reconnect: { discard: 'yes', peer: 'A' } },
    ]);
    const second = after(asked, step('survivor'));
    expect(deeds(second)).toEqual([{ operation: 'reconnect', node: 'alpha', reconnect: { discard: 'no' } }]);
    expect(second.operations['o']?.progress).toContain('2 of 3');
    const met = after(second, step('meet'), { kind: 'pool.joined', name });
    expect(deeds(met)).toEqual([]);
    expect(met.operations['o']?.progress).toBe('3 of 3: the copy of beta is filled from alpha');
    const done = after(met, { kind: 'recover.done', name, operation: 'o' });
    expect(pool(done)?.recovery).toBeUndefined();
    expect(done.operations['o']).toMatchObject({ state: 'succeeded' });
  });

  test('begins anew where they part again, and each time is a thing of its own', () => {
    const asked = after(ready, found('alpha'), recover('beta'));
    const again = after(asked, step('survivor'), step('meet'), step('victim'));
    expect(pool(again)?.recovery).toMatchObject({ phase: 'victim', attempt: 2 });
    expect(again.operations['o']?.progress).toContain(`(attempt 2 of ${RECOVERY_ATTEMPTS})`);
    expect(compile(again).deeds[0]?.id).not.toBe(compile(asked).deeds[0]?.id);
  });

  test('of the copy that had served makes the other one the one that counts', () => {
    const alone = after(ready, { kind: 'pool.solo', name, node: 'alpha' }, found(), recover('alpha'));
    expect(banned(alone)).toEqual(['alpha']);
  });

  test('that fails leaves the split as it was', () => {
    const split = after(ready, found('alpha'));
    const cause = failure('recovery_failed', 'no');
    const gaveUp = after(split, recover('beta'), {
      kind: 'recover.failed',
      name,
      operation: 'o',
      failure: cause,
    });
    expect(pool(gaveUp)).toEqual(pool(split));
    expect(gaveUp.operations['o']).toMatchObject({ state: 'failed', failure: cause });
  });

  test('is one at a time, and late words about another one change nothing', () => {
    const asked = after(ready, found('alpha'), recover('beta'));
    expect(after(asked, recover('beta', 'p'))).toBe(asked);
    expect(applied(asked, recover('alpha', 'p'))).toMatchObject({ failure: { code: 'recovery_running' } });
    expect(after(asked, step('meet', 'p'))).toBe(asked);
    expect(after(asked, { kind: 'recover.done', name, operation: 'p' })).toBe(asked);
  });

  test('and the replacement of a disk of the same pool keep out of each other’s way', () => {
    const split = after(ready, found('alpha'));
    const replace: Command = {
      kind: 'node.replace',
      node: 'beta',
      disks: { main: '/dev/disk/by-id/new' },
      operation: 'r',
    };
    expect(applied(after(split, recover('beta')), replace)).toMatchObject({
      failure: { code: 'recovery_running', message: expect.stringContaining('operation o') as string },
    });
    expect(applied(after(split, replace), recover('beta'))).toMatchObject({
      failure: { code: 'recovery_running', message: expect.stringContaining('operation r') as string },
    });
  });

  test.each([
    [
      'there is no such pool',
      after(ready, found('alpha')),
      { ...recover('beta'), name: 'x' },
      'pool_not_found',
    ],
    ['there is no such node', after(ready, found('alpha')), recover('gamma'), 'node_not_found'],
    ['there is no split brain', ready, recover('beta'), 'pool_not_split'],
    ['DRBD would never copy', after(ready, found('alpha', 'unrelated')), recover('beta'), 'copies_unrelated'],
  ] as const)('is refused where %s, and nothing is changed', (_, config, command, code) => {
    expect(applied(config, command)).toMatchObject({ ok: false, failure: { code } });
  });

  test('is nothing that an earlier configuration brings back, or takes away', () => {
    const asked = after(ready, found('alpha'), recover('beta'));
    expect(pool(restoreIntent(asked, intentOf(ready)).config)).toEqual(pool(asked));
    expect(pool(restoreIntent(ready, intentOf(asked)).config)).toEqual(pool(ready));
  });
});
