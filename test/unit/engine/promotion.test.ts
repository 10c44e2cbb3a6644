import { describe, expect, test } from 'vitest';
import type { Work } from '../../../src/engine/controller/state.ts';
import {
  initialConfig,
  initialState,
  step,
  type Effect,
  type EngineState,
} from '../../../src/engine/index.ts';
import {
  milliseconds,
  type NodeState,
  type NodeStatus,
  type ObservedState,
  type RequestOf,
} from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';

const now = milliseconds(100_000);
const long = milliseconds(now - 60_000);
const config = initialConfig(clusterFile, { clusterId: 'c', poolSecret: 'p' });
const [copy = '', other = ''] = Object.keys(config.nodes);
const pool = Object.keys(config.pools)[0] ?? '';

interface Seen {
  readonly own?: ObservedState | 'unknown';
  readonly peer: ObservedState | 'unknown';
  readonly peerState?: NodeState;
  readonly solo?: string;
  /** It is this node's engine that promotes, and waits for the kernel. */
  readonly promotes?: boolean;
  /** Both ends were last seen connected: the loss is too new, or over. */
  readonly connected?: boolean;
}

const node = (state: NodeState, seen: ObservedState | 'unknown', connected: boolean): NodeStatus => ({
  state,
  since: long,
  fenceWanted: undefined,
  fencing: undefined,
  instances: {
    [`drbd-${pool}`]: {
      observation:
        seen === 'unknown'
          ? seen
          : { state: seen, facts: { connection: connected ? 'Connected' : 'WFConnection' } },
      failures: undefined,
    },
  },
});

/** The order that this node's engine carries out, and that waits for the kernel. */
const promotion: Work = {
  kind: 'order',
  name: 'promote',
  resource: `drbd-${pool}`,
  action: {
    kind: 'operation',
    id: `promote drbd-${pool} on ${copy}`,
    node: copy,
    resource: `drbd-${pool}`,
    agent: 'drbd',
    operation: 'promote',
    parameters: {},
    timeout: milliseconds(60_000),
    reason: 'nobody serves',
    deed: undefined,
  },
};

/** As the engine on the node that asks has it. */
function state({
  own = 'running',
  peer,
  peerState = 'online',
  solo,
  promotes = true,
  connected = false,
}: Seen): EngineState {
  const birth = { self: copy, incarnation: 'i', boot: 'b', config, now };
  const initial = initialState({ ...birth, digest: (text) => text });
  const settings = config.pools[pool];
  if (settings === undefined) throw new Error('it has a pool');
  const current = { ...config, pools: { [pool]: { ...settings, solo } } };
  return {
    ...initial,
    config: { ...initial.config, current },
    view: { ...initial.view, complete: true },
    ring: { ...initial.ring, quorate: true },
    executor: {
      ...initial.executor,
      work: new Map(promotes ? [[promotion.resource, promotion]] : []),
    },
    status: {
      quorate: true,
      nodes: { [copy]: node('online', own, connected), [other]: node(peerState, peer, connected) },
    },
  };
}

/** DRBD's handler asks: its exit code, or whom the engine wants to have fenced, or nothing yet. */
function asked(seen: Seen, role: RequestOf<'fence-peer'>['role'] = 'Secondary'): number | string | undefined {
  const request = { kind: 'fence-peer', body: { pool, role }, entropy: '' } as const;
  const { effects } = step(state(seen), { kind: 'request', id: 7, request }, now, (text) => text);
  const reply = effects.find((effect) => effect.kind === 'reply');
  if (reply !== undefined) return reply.result.ok ? codeOf(reply.result.value) : reply.result.failure.code;
  return effects.some(isWish) ? `${other} is to be fenced` : undefined;
}

const codeOf = (value: unknown): number => (value as { exitCode: number }).exitCode;

const isAnswer = (effect: Effect): boolean => effect.kind === 'reply';

const isWish = (effect: Effect): boolean =>
  effect.kind === 'multicast' && effect.payload.includes('"fence-wanted"');

describe('a promotion asks, and the peer is there', () => {
  test('it serves: 6, and nobody is put out', () => {
    expect(asked({ peer: 'promoted' })).toBe(6);
  });

  test('it cannot be seen whether it serves: it is left alone, and the promotion waits', () => {
    expect(asked({ peer: 'unknown' })).toBeUndefined();
    expect(asked({ peer: 'failed' })).toBeUndefined();
  });

  test('it does not serve: it is to be put out, as ever', () => {
    expect(asked({ peer: 'running' })).toBe(`${other} is to be fenced`);
  });

  test('none is under way: it is left alone, for a handler may outlive what it asked for', () => {
    expect(asked({ peer: 'running', promotes: false })).toBeUndefined();
    expect(asked({ own: 'stopped', peer: 'running', promotes: false })).toBeUndefined();
  });

  test('only it has the current data: 6, whether it serves just now or not, and also when it is lost', () => {
    expect(asked({ peer: 'running', solo: other })).toBe(6);
    expect(asked({ peer: 'unknown', peerState: 'lost', solo: other })).toBe(6);
    expect(asked({ peer: 'running', peerState: 'offline', solo: other })).toBe(6);
  });
});

describe('somebody promotes by hand while the two are seen connected: the loss is too new, or over', () => {
  const byHand = { promotes: false, connected: true };

  test('the peer serves: 6 at once, as ever', () => {
    expect(asked({ ...byHand, peer: 'promoted' })).toBe(6);
  });

  test('nobody serves: the promotion is told after a while that they are connected, and does not ask for ever', () => {
    const request = { kind: 'fence-peer', body: { pool, role: 'Secondary' }, entropy: '' } as const;
    const digest = (text: string): string => text;
    const before = state({ ...byHand, peer: 'running' });
    const waiting = step(before, { kind: 'request', id: 7, request }, now, digest);
    expect(waiting.effects.filter(isAnswer)).toEqual([]);
    const later = milliseconds(now + 5000);
    const { effects } = step(waiting.state, { kind: 'timer', name: 'upkeep' }, later, digest);
    expect(effects.find(isAnswer)).toMatchObject({ id: 7, result: { failure: { code: 'pool_connected' } } });
    expect(effects.some(isWish)).toBe(false);
  });

  test('a Primary is to ask anew: it may have lost its peer this very moment', () => {
    expect(asked({ ...byHand, own: 'promoted', peer: 'running' }, 'Primary')).toBe('busy');
  });
});

describe('the peer has served, and is lost', () => {
  test('it is fenced as any that is lost, and the promotion waits for that', () => {
    expect(asked({ peer: 'promoted', peerState: 'lost' })).toBe(`${other} is to be fenced`);
  });
});

describe('who asks', () => {
  test('a Primary that has lost its peer has it fenced, also where its own engine has not seen its role yet', () => {
    for (const own of ['promoted', 'running'] as const)
      expect(asked({ own, peer: 'running', promotes: false }, 'Primary')).toBe(`${other} is to be fenced`);
  });

  test('where the handler could not see the role, the engine goes by what it has seen', () => {
    const blind = (seen: Seen): unknown => {
      const request = { kind: 'fence-peer', body: { pool }, entropy: '' } as const;
      const { effects } = step(state(seen), { kind: 'request', id: 7, request }, now, (text) => text);
      const reply = effects.find((effect) => effect.kind === 'reply');
      return reply?.result.ok === true ? codeOf(reply.result.value) : effects.some(isWish);
    };
    expect(blind({ own: 'running', peer: 'promoted' })).toBe(6);
    expect(blind({ own: 'promoted', peer: 'running', promotes: false })).toBe(true);
    expect(blind({ own: 'stopped', peer: 'running', promotes: false })).toBe(false);
  });
});
