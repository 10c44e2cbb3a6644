import { expect, test } from 'vitest';
import {
  failingOperations,
  milliseconds,
  onFailValues,
  type ClusterConfig,
  type ClusterStatus,
  type InstanceStatus,
  type NodeStatus,
  type ResourcePolicy,
} from '../../../src/model/index.ts';
import { settle } from './executor.ts';
import { cluster, config, failing, node, plan, seen } from './world.ts';

/** mulberry32: small, and the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Draw = <Item>(items: readonly [Item, ...Item[]]) => Item;

function drawWorld(seed: number) {
  const next = random(seed);
  const draw: Draw = (items) => items[Math.floor(next() * items.length)] ?? items[0];
  const lun = () => draw(['ready', 'ready', 'creating', 'deleting'] as const);
  const drawn = config(
    { one: lun(), two: lun(), three: lun() },
    {
      quorumPolicy: draw(['stop', 'freeze']),
      pool: {
        state: draw(['ready', 'ready', 'ready', 'new']),
        solo: draw([undefined, undefined, undefined, 'san-a', 'san-b']),
      },
    },
  );
  const names = ['lvm-data', 'target-data', 'lun-one', 'lun-two', 'lun-three', 'address-data-1', 'lun-gone'];
  const mess = next() < 0.3;
  const state = () => draw(mess ? (['stopped', 'running', 'failed'] as const) : (['stopped'] as const));
  const failure = draw(['start', 'monitor', 'stop', 'create'] as const);
  const instance = (): InstanceStatus => {
    const dice = next();
    if (dice < 0.1) return { observation: 'unknown', failures: undefined };
    if (dice < 0.2) return failing({ state: state() }, failure, Math.floor(next() * 4) + 1);
    return dice < 0.22 ? failing('unknown', 'monitor', 1) : seen(state());
  };
  const instances = (): NodeStatus['instances'] => ({
    ...Object.fromEntries(names.filter(() => next() < 0.9).map((name) => [name, instance()])),
    'drbd-data': draw([
      seen('running', 10_000),
      seen('running', 10_000),
      seen('running', 5),
      seen('running'),
      seen('promoted', 10_000),
      seen('promoted'),
      seen('stopped'),
      seen('failed'),
      instance(),
    ]),
  });
  const drawNode = (): NodeStatus => {
    const is = draw([
      'online',
      'online',
      'online',
      'online',
      'joining',
      'engine-gone',
      'lost',
      'offline',
    ] as const);
    return node(
      is,
      is === 'offline' ? {} : instances(),
      next() < 0.05 ? { fenceWanted: 'its replication link is gone' } : {},
    );
  };
  const status = cluster({ 'san-a': drawNode(), 'san-b': drawNode() }, next() < 0.85);
  const truth = new Map<string, InstanceStatus>();
  return {
    config: drawn,
    status,
    truth: (name: string, resource: string): InstanceStatus => {
      const key = `${name} ${resource}`;
      const known = truth.get(key) ?? seen(draw(['stopped', 'stopped', 'running', 'failed']));
      truth.set(key, known);
      return known;
    },
  };
}

/** The same, and an operator has asked for this and that. */
function withWishes(seed: number) {
  const world = drawWorld(seed);
  const next = random(seed + 1_000_000);
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(next() * items.length)];
  const policy = (): ResourcePolicy => {
    const operation = pick(failingOperations);
    const answer = pick(onFailValues);
    return {
      ...(next() < 0.3 ? { managed: false } : {}),
      ...(next() < 0.2 ? { maintenance: true } : {}),
      ...(next() < 0.2 ? { targetRole: 'stopped' } : {}),
      ...(operation !== undefined && answer !== undefined && next() < 0.7
        ? { onFail: { [operation]: answer } }
        : {}),
      ...(next() < 0.2 ? { startDelay: milliseconds(1000) } : {}),
      ...(next() < 0.2 ? { migrationThreshold: 1 + Math.floor(next() * 4) } : {}),
    };
  };
  const drawn: ClusterConfig = {
    ...world.config,
    nodes: Object.fromEntries(
      Object.entries(world.config.nodes).map(([name, intent]) => [
        name,
        {
          ...intent,
          ...(next() < 0.15 ? { standby: true } : {}),
          ...(next() < 0.1 ? { maintenance: true } : {}),
        },
      ]),
    ),
    properties: { ...world.config.properties, ...(next() < 0.05 ? { maintenance: true } : {}) },
    resources: Object.fromEntries(
      ['drbd-data', 'lvm-data', 'target-data', 'lun-one', 'lun-two', 'address-data-1']
        .filter(() => next() < 0.3)
        .map((id) => [id, policy()]),
    ),
  };
  const status: ClusterStatus = {
    ...world.status,
    nodes: Object.fromEntries(
      Object.entries(world.status.nodes).map(([name, status]) => [
        name,
        status.state === 'online' && next() < 0.15 ? { ...status, leaving: milliseconds(1) } : status,
      ]),
    ),
  };
  return { ...world, config: drawn, status };
}

const seeds = (count: number): readonly number[] => {
  const first = Number(process.env['KEELSON_SEED'] ?? '1');
  console.info(`seeds ${first} to ${first + count - 1} (KEELSON_SEED=n to begin elsewhere)`);
  return Array.from({ length: count }, (_, index) => first + index);
};

test.each([
  ['whatever was seen', 2000, drawWorld],
  ['whatever was seen, and whatever an operator has asked for', 1000, withWishes],
])(
  '%s: every transition keeps what must hold, and carrying them out comes to rest',
  (_what, count, draw) => {
    for (const seed of seeds(count)) {
      try {
        const world = draw(seed);
        const once = JSON.stringify(plan(world.config, world.status));
        expect(JSON.stringify(plan(world.config, world.status))).toBe(once);
        settle(world);
      } catch (error) {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
  },
  180_000,
);
