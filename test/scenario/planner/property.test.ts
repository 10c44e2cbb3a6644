import { expect, test } from 'vitest';
import type { InstanceStatus, NodeStatus } from '../../../src/model/index.ts';
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

test('whatever was seen: every transition keeps what must hold, and carrying them out comes to rest', () => {
  const first = Number(process.env['KEELSON_SEED'] ?? '1');
  const runs = 5000;
  console.info(`seeds ${first} to ${first + runs - 1} (KEELSON_SEED=n to begin elsewhere)`);
  for (let seed = first; seed < first + runs; seed += 1) {
    try {
      const world = drawWorld(seed);
      const once = JSON.stringify(plan(world.config, world.status));
      expect(JSON.stringify(plan(world.config, world.status))).toBe(once);
      settle(world);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}, 180_000);
