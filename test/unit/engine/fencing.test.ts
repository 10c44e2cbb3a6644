import { expect, test } from 'vitest';
import { initialConfig, initialState, type EngineState } from '../../../src/engine/index.ts';
import {
  answerFencePeer,
  isWhole,
  mayWish,
  noLongerWanted,
  replicationBroken,
} from '../../../src/engine/fencing/replication.ts';
import { confirmOff } from '../../../src/engine/fencing/by-hand.ts';
import { onFenceOutcome } from '../../../src/engine/fencing/fencing.ts';
import { onTransport } from '../../../src/engine/controller/transport.ts';
import type { Sync } from '../../../src/engine/controller/messages.ts';
import type { Draft } from '../../../src/engine/controller/state.ts';
import { milliseconds, type NodeStatus, type OperationName } from '../../../src/model/index.ts';
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
function promoting(
  connections: Readonly<Record<string, string>>,
  ago = 0,
  operation: OperationName = 'promote',
): Draft {
  const settled = state(connections);
  const resource = `drbd-${pool}`;
  const action = {
    kind: 'operation' as const,
    id: 'promote',
    node: serving,
    resource,
    agent: 'drbd' as const,
    operation,
    parameters: {},
    timeout: milliseconds(30_000),
    after: [],
    deed: undefined,
    reason: '',
  };
  const work = new Map([[resource, { kind: 'order' as const, name: 'w', action, resource }]]);
  const since = milliseconds(now - ago);
  const requests = {
    7: {
      kind: 'fence-peer' as const,
      waitsFor: { kind: 'fence' as const, pool, target: mirror, since, promotes: true },
    },
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
  // A look that was ordered waits for nothing: of a mirror that is frozen itself the other end's word counts for nothing.
  const looking = promoting(connections, 6000, 'monitor');
  answerFencePeer(looking);
  expect(looking.effects).toEqual([]);
  const broken = promoting({ [serving]: 'Connected', [mirror]: 'WFConnection' }, 6000);
  answerFencePeer(broken);
  expect(broken.effects).toEqual([]);
});

/** This one's DRBD asks; the other node is well, in standby, and its mirror is down. `written`: on which disks the claim is. */
function besideStandby(written: readonly string[], observed: 'stopped' | 'running' = 'stopped'): Draft {
  const draft = promoting({ [serving]: 'WFConnection', [mirror]: 'WFConnection' }, 1000);
  const { state: before } = draft;
  const current = {
    ...config,
    revision: 5,
    nodes: { ...config.nodes, [mirror]: { ...config.nodes[mirror], standby: true as const } },
    pools: { [pool]: { ...config.pools[pool], solo: serving } },
  } as typeof config;
  const node = before.status.nodes[mirror];
  const instances = { [`drbd-${pool}`]: { observation: { state: observed }, failures: undefined } };
  const sync = {} as Sync;
  draft.state = {
    ...before,
    config: {
      ...before.config,
      current,
      persisted: Object.fromEntries(written.map((name) => [name, { revision: 5, hash: 'h' }])),
    },
    view: { ...before.view, complete: true, syncs: { [serving]: sync, [mirror]: sync } },
    status: {
      ...before.status,
      nodes: {
        ...before.status.nodes,
        ...(node && { [mirror]: { ...node, fenceWanted: undefined, instances } }),
      },
    },
  };
  return draft;
}

test('a peer that is well and takes no part is outdated, not fenced: when both disks say which copy is current', () => {
  const going = besideStandby([serving, mirror]);
  expect(mayWish(going, pool, mirror, false)).toBe(false);
  answerFencePeer(going);
  expect(going.effects).toMatchObject([
    { kind: 'reply', id: 7, result: { ok: true, value: { exitCode: 4 } } },
  ]);

  const early = besideStandby([serving]);
  answerFencePeer(early);
  expect(early.effects, 'its own disk does not say so yet').toEqual([]);

  const running = besideStandby([serving, mirror], 'running');
  answerFencePeer(running);
  expect(running.effects, 'its mirror runs').toEqual([]);
});

test('a word that a node is off is answered when it counts, and refused when the node is heard of before', () => {
  const outcome = { confirmed: true, devices: [], took: milliseconds(0) } as const;
  const told = { kind: 'fence-outcome', target: mirror, by: serving, outcome, life: '- 0' } as const;
  const saying = (): Draft => {
    const draft = promoting({ [serving]: 'WFConnection', [mirror]: 'WFConnection' });
    draft.state = { ...draft.state, view: { ...draft.state.view, complete: true } };
    become(draft, 'lost');
    confirmOff(draft, 8, { name: mirror, acknowledgement: `${mirror} is off` });
    expect(draft.effects.filter(({ kind }) => kind === 'reply')).toEqual([]);
    return draft;
  };
  const counted = saying();
  onFenceOutcome(counted, told);
  expect(counted.effects).toContainEqual({
    kind: 'reply',
    id: 8,
    result: { ok: true, value: { node: mirror } },
  });

  const heard = saying();
  become(heard, 'online');
  onFenceOutcome(heard, told);
  expect(heard.effects.filter(({ kind }) => kind === 'reply')).toMatchObject([
    { id: 8, result: { ok: false, failure: { code: 'node_not_lost' } } },
  ]);

  const deaf = saying();
  onTransport(deaf, { kind: 'down', reason: 'it was killed' });
  expect(deaf.effects.filter(({ kind }) => kind === 'reply')).toMatchObject([
    { id: 8, result: { ok: false, failure: { code: 'not_synchronised' } } },
  ]);
});

function become(draft: Draft, state: NodeStatus['state']): void {
  const { status } = draft.state;
  const node = status.nodes[mirror];
  if (node === undefined) throw new Error('it is a node');
  draft.state = {
    ...draft.state,
    status: { ...status, nodes: { ...status.nodes, [mirror]: { ...node, state } } },
  };
}
