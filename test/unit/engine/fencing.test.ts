import { expect, test } from 'vitest';
import { initialConfig, initialState, type EngineState } from '../../../src/engine/index.ts';
import {
  answerFencePeer,
  isWhole,
  noLongerWanted,
  replicationBroken,
} from '../../../src/engine/fencing/replication.ts';
import type { Draft } from '../../../src/engine/controller/state.ts';
import { milliseconds, type NodeStatus } from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';

const now = milliseconds(100_000);
const config = initialConfig(clusterFile, { clusterId: 'c', poolSecret: 'p' });
const [serving = '', mirror = ''] = Object.keys(config.nodes);
const pool = Object.keys(config.pools)[0] ?? '';

/** Both nodes online, the mirror's fencing wanted because the replication broke, and each end as its kernel sees it. */
function state(connections: Readonly<Record<string, string>>): EngineState {
  const birth = { self: serving, incarnation: 'i', boot: 'b', config, now };
  const initial = initialState({ ...birth, digest: (text) => text });
  const nodes = Object.entries(connections).map(([name, connection]): [string, NodeStatus] => [
    name,
    {
      state: 'online',
      since: now,
      fenceWanted: name === mirror ? replicationBroken(pool) : undefined,
      fencing: undefined,
      instances: {
        [`drbd-${pool}`]: { observation: { state: 'running', facts: { connection } }, failures: undefined },
      },
    },
  ]);
  return { ...initial, status: { quorate: true, nodes: Object.fromEntries(nodes) } };
}

test('a fencing for a broken replication is withdrawn when both ends see it mended', () => {
  const mended = state({ [serving]: 'Connected', [mirror]: 'SyncTarget' });
  expect(noLongerWanted(mended)).toEqual([{ target: mirror, reason: replicationBroken(pool) }]);
});

test('it is not withdrawn because one end has not noticed the loss yet', () => {
  expect(noLongerWanted(state({ [serving]: 'WFConnection', [mirror]: 'Connected' }))).toEqual([]);
  expect(noLongerWanted(state({ [serving]: 'Connected', [mirror]: 'WFConnection' }))).toEqual([]);
});

/** Its promotion is under way, and waits for the handler, which has asked `ago` milliseconds ago. */
function promoting(connections: Readonly<Record<string, string>>, ago = 0): Draft {
  const settled = state(connections);
  const resource = `drbd-${pool}`;
  const action = {
    kind: 'operation' as const,
    id: 'promote',
    node: serving,
    resource,
    agent: 'drbd' as const,
    operation: 'promote' as const,
    parameters: {},
    timeout: milliseconds(30_000),
    after: [],
    deed: undefined,
    reason: '',
  };
  const work = new Map([[resource, { kind: 'order' as const, name: 'w', action, resource }]]);
  const since = milliseconds(now - ago);
  const requests = {
    7: { kind: 'fence-peer' as const, waitsFor: { kind: 'fence' as const, pool, target: mirror, since } },
  };
  const executor = { ...settled.executor, work };
  return {
    state: { ...settled, executor, requests },
    effects: [],
    owned: new WeakSet(),
    now,
    digest: (text) => text,
  };
}

test('while a promotion keeps this end from being looked at, the other end tells whether the replication is there', () => {
  const stale = { [serving]: 'WFConnection', [mirror]: 'Connected' };
  expect(isWhole(state(stale), pool, mirror)).toBe(false);
  expect(isWhole(promoting(stale).state, pool, mirror)).toBe(true);
  expect(isWhole(promoting({ [serving]: 'Connected', [mirror]: 'WFConnection' }).state, pool, mirror)).toBe(
    false,
  );
});

test('the handler that a promotion waits for ends when the other end has been connected for some seconds', () => {
  const connections = { [serving]: 'WFConnection', [mirror]: 'Connected' };
  const early = promoting(connections, 1000);
  answerFencePeer(early);
  expect(early.effects).toEqual([]);
  const late = promoting(connections, 6000);
  answerFencePeer(late);
  expect(late.effects).toMatchObject([
    { kind: 'reply', id: 7, result: { ok: false, failure: { code: 'pool_connected' } } },
  ]);
  const broken = promoting({ [serving]: 'Connected', [mirror]: 'WFConnection' }, 6000);
  answerFencePeer(broken);
  expect(broken.effects).toEqual([]);
});
