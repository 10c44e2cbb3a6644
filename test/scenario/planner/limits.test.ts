import { describe, expect, test } from 'vitest';
import type { ClusterConfig, NodeStatus } from '../../../src/model/index.ts';
import { plan as planNext } from '../../../src/engine/planner/index.ts';
import {
  cluster,
  config,
  empty,
  failing,
  ids,
  input,
  node,
  plan,
  seen,
  serving,
  standby,
  waitsFor,
} from './world.ts';

const cfg = config({ one: 'ready', two: 'ready' });
const pair = (a: object, b: object, quorate = true) =>
  cluster(
    {
      'san-a': node('online', { ...serving(cfg), ...a }),
      'san-b': node('online', { ...standby(cfg), ...b }),
    },
    quorate,
  );

const nodeOf = (name: string): ClusterConfig['nodes'][string] => {
  const intent = cfg.nodes[name];
  if (intent === undefined) throw new Error(`no node ${name}`);
  return intent;
};

const without = (resource: string, instances: NodeStatus['instances']): NodeStatus['instances'] =>
  Object.fromEntries(Object.entries(instances).filter(([id]) => id !== resource));

describe('LUNs on a live target', () => {
  test('a new LUN: first its volume, and nothing else is touched', () => {
    const creating = config({ one: 'ready', two: 'creating' });
    const transition = plan(
      creating,
      cluster({ 'san-a': node('online', serving(creating)), 'san-b': node('online', standby(creating)) }),
    );
    expect(ids(transition)).toEqual(['create lun-two on san-a']);
    expect(transition.actions[0]).toMatchObject({ deed: 'create lun-two', timeout: 120_000 });
  });

  test('then it is looked for on both nodes, then exported beside the others', () => {
    const a = without('lun-two', serving(cfg));
    const b = without('lun-two', standby(cfg));
    const unknown = cluster({ 'san-a': node('online', a), 'san-b': node('online', b) });
    expect(ids(plan(cfg, unknown))).toEqual(['monitor lun-two on san-a', 'monitor lun-two on san-b']);
    expect(ids(plan(cfg, pair({ 'lun-two': seen('stopped') }, {})))).toEqual(['start lun-two on san-a']);
  });

  test('a deleted LUN is unexported, then removed, alone', () => {
    const deleting = config({ one: 'ready', two: 'deleting' });
    expect(ids(plan(deleting, pair({}, {})))).toEqual(['stop lun-two on san-a']);
    expect(ids(plan(deleting, pair({ 'lun-two': seen('stopped') }, {})))).toEqual([
      'remove lun-two on san-a',
    ]);
  });

  test('it is not removed while a node that may export it is not proven off', () => {
    const deleting = config({ one: 'ready', two: 'deleting' });
    const status = cluster({
      'san-a': node('online', { ...serving(deleting), 'lun-two': seen('stopped') }),
      'san-b': node('lost', standby(deleting)),
    });
    expect(ids(plan(deleting, status))).toEqual(['fence san-b']);
  });

  test('a failed LUN is recovered where it is', () => {
    const transition = plan(cfg, pair({ 'lun-two': failing({ state: 'failed' }, 'monitor', 1) }, {}));
    expect(ids(transition)).toEqual(['start lun-two on san-a', 'stop lun-two on san-a']);
    expect(waitsFor(transition, 'start lun-two on san-a', 'stop lun-two on san-a')).toBe(true);
  });

  test('a LUN that failed thrice stays down, and takes nothing with it', () => {
    const transition = plan(cfg, pair({ 'lun-two': failing({ state: 'stopped' }, 'start', 3) }, {}));
    expect(transition.actions).toEqual([]);
    expect(transition.blocked.map(({ subject }) => subject)).toEqual(['lun-two']);
    expect(transition.blocked[0]?.next).toContain('keelson cleanup lun-two');
  });

  test('a target that failed thrice takes everything to the other node', () => {
    const transition = plan(cfg, pair({ 'target-data': failing({ state: 'failed' }, 'monitor', 3) }, {}));
    expect(ids(transition)).toContain('demote drbd-data on san-a');
    expect(ids(transition)).toContain('start address-data-1 on san-b');
  });

  test('a failed target is restarted with all that stands on it', () => {
    const transition = plan(cfg, pair({ 'target-data': failing({ state: 'failed' }, 'monitor', 1) }, {}));
    expect(ids(transition)).toHaveLength(10);
    expect(waitsFor(transition, 'start lun-one on san-a', 'start target-data on san-a')).toBe(true);
    expect(waitsFor(transition, 'stop target-data on san-a', 'stop lun-one on san-a')).toBe(true);
    expect(ids(transition).some((id) => id.includes('lvm') || id.includes('drbd'))).toBe(false);
  });

  test('a LUN that failed to start does not hold up the addresses at the next try', () => {
    const transition = plan(
      cfg,
      pair(
        {
          'lun-two': failing({ state: 'stopped' }, 'start', 1),
          'address-data-1': seen('stopped'),
          'address-data-2': seen('stopped'),
        },
        {},
      ),
    );
    expect(transition.after['start address-data-1 on san-a']).toEqual([]);
  });

  test('but where all that it stands on comes up anew, the host sees no portal without it', () => {
    const stopped = ['lvm-data', 'target-data', 'lun-one', 'address-data-1', 'address-data-2'];
    const instances = Object.fromEntries(stopped.map((id) => [id, seen('stopped')]));
    const transition = plan(
      cfg,
      pair({ ...instances, 'lun-two': failing({ state: 'stopped' }, 'start', 1) }, {}),
    );
    for (const lun of ['lun-one', 'lun-two'])
      expect(waitsFor(transition, 'start address-data-1 on san-a', `start ${lun} on san-a`)).toBe(true);
  });
});

describe('what nobody can look at', () => {
  const unseen = (id: string) => ({ [id]: failing('unknown', 'monitor', 4) });

  test('an address over a target that serves is left in peace', () => {
    expect(plan(cfg, pair(unseen('address-data-1'), {})).actions).toEqual([]);
    expect(plan(cfg, pair(unseen('lun-two'), {})).actions).toEqual([]);
  });

  test('and is stopped before what it stands on: no portal without LUNs', () => {
    const standby = {
      ...cfg,
      nodes: { ...cfg.nodes, 'san-a': { ...nodeOf('san-a'), standby: true as const } },
    };
    const transition = plan(standby, pair({ ...unseen('address-data-1'), ...unseen('lun-two') }, {}));
    for (const lun of ['lun-one', 'lun-two'])
      expect(waitsFor(transition, `stop ${lun} on san-a`, 'stop address-data-1 on san-a')).toBe(true);
    expect(waitsFor(transition, 'stop lvm-data on san-a', 'stop lun-two on san-a')).toBe(true);
    expect(waitsFor(transition, 'start address-data-1 on san-b', 'stop address-data-1 on san-a')).toBe(true);
  });
});

describe('what may not be done', () => {
  test('a stop that fails: the node is fenced, and the other takes over after that', () => {
    const transition = plan(cfg, pair({ 'lvm-data': failing({ state: 'running' }, 'stop', 1) }, {}));
    expect(ids(transition)).toContain('fence san-a');
    expect(transition.actions.some((action) => action.kind === 'operation' && action.node === 'san-a')).toBe(
      false,
    );
    expect(transition.after['promote drbd-data on san-b']).toContain('fence san-a');
  });

  test('no quorum, freeze: nothing is done', () => {
    const frozen = cluster({ 'san-a': node('online', serving(cfg)), 'san-b': node('lost') }, false);
    const transition = plan(cfg, frozen);
    expect(transition.actions).toEqual([]);
    expect(transition.blocked[0]?.subject).toBe('cluster');
  });

  test('no quorum, stop: everything goes down in order, nobody is fenced', () => {
    const stopping = config({ one: 'ready' }, { quorumPolicy: 'stop' });
    const status = cluster({ 'san-a': node('online', serving(stopping)), 'san-b': node('lost') }, false);
    const transition = plan(stopping, status);
    expect(ids(transition)).toContain('stop drbd-data on san-a');
    expect(waitsFor(transition, 'stop drbd-data on san-a', 'stop address-data-1 on san-a')).toBe(true);
    expect(transition.actions.some(({ kind }) => kind === 'fence')).toBe(false);
  });

  test('engine gone on the serving node: nothing starts elsewhere', () => {
    const status = cluster({
      'san-a': node('engine-gone', serving(cfg)),
      'san-b': node('online', standby(cfg)),
    });
    const transition = plan(cfg, status);
    expect(transition.actions).toEqual([]);
    expect(transition.blocked[0]?.reason).toContain('the engine of san-a is gone');
  });

  test('engine gone before it had looked at all: addresses wait for the LUN that may run there', () => {
    const unseen = without('lun-two', standby(cfg));
    const found = (a: 'engine-gone' | 'offline', b: NodeStatus['instances'] = standby(cfg)) =>
      cluster({ 'san-a': node(a, unseen), 'san-b': node('online', b) });
    const starts = ids(plan(cfg, found('engine-gone'))).filter((id) => id.startsWith('start'));
    expect(starts).toEqual([
      'start lun-one on san-b',
      'start lvm-data on san-b',
      'start target-data on san-b',
    ]);
    // And still when the others are there.
    const addresses = { 'address-data-1': seen('stopped'), 'address-data-2': seen('stopped') };
    const others = { ...serving(cfg), ...addresses, 'lun-two': seen('stopped') };
    expect(ids(plan(cfg, found('engine-gone', others)))).toEqual([]);
    expect(ids(plan(cfg, found('offline', others)))).toContain('start address-data-1 on san-b');
    // What is up stays up.
    const up = { ...serving(cfg), 'lun-two': seen('stopped') };
    expect(ids(plan(cfg, found('engine-gone', up)))).toEqual([]);
  });

  test('a joining node: what serves goes on, what may run there waits', () => {
    const status = cluster({
      'san-a': node('online', { ...serving(cfg), 'lun-two': seen('stopped') }),
      'san-b': node('joining'),
    });
    const transition = plan(cfg, status);
    expect(transition.actions).toEqual([]);
    expect(transition.blocked[0]?.reason).toContain('san-b is joining');
  });

  test('where looking failed, nothing is started, and it is said', () => {
    const transition = plan(
      cfg,
      pair({ 'lun-two': seen('stopped') }, { 'lun-two': failing('unknown', 'monitor', 1, 'no answer') }),
    );
    expect(transition.actions).toEqual([]);
    expect(transition.blocked[0]?.reason).toContain('no answer');
  });

  test('what runs is not stopped because its foundation was not looked at yet', () => {
    const a = without('drbd-data', serving(cfg));
    const status = cluster({ 'san-a': node('online', a), 'san-b': node('online', standby(cfg)) });
    expect(ids(plan(cfg, status))).toEqual(['monitor drbd-data on san-a']);
  });

  test('what stands on something unknown waits for the look too', () => {
    const status = cluster({
      'san-a': node('offline'),
      'san-b': node('online', without('lvm-data', standby(cfg))),
    });
    expect(ids(plan(cfg, status))).toEqual(['monitor lvm-data on san-b', 'promote drbd-data on san-b']);
  });

  test('nothing is taken down under what is about to be looked at', () => {
    const b = without('lun-two', serving(cfg));
    const banned = config({ one: 'ready', two: 'ready' }, { pool: { solo: 'san-a' } });
    const status = cluster({ 'san-a': node('online', standby(cfg)), 'san-b': node('online', b) });
    const downs = ids(plan(banned, status)).filter((id) => /^(stop|demote)/.test(id));
    expect(downs).toEqual([
      'stop address-data-1 on san-b',
      'stop address-data-2 on san-b',
      'stop lun-one on san-b',
    ]);
    const seenToo = cluster({ ...status.nodes, 'san-b': node('online', serving(cfg)) });
    expect(ids(plan(banned, seenToo))).toContain('demote drbd-data on san-b');
  });

  test('without quorum things are stopped even where nobody can look at what they stand on', () => {
    const stopping = config({ one: 'ready' }, { quorumPolicy: 'stop' });
    const a = { ...serving(stopping), 'target-data': failing('unknown', 'monitor', 1) };
    const status = cluster({ 'san-a': node('online', a), 'san-b': node('lost') }, false);
    expect(ids(plan(stopping, status))).toContain('stop lun-one on san-a');
  });

  test('a LUN on both nodes is stopped on both and started once', () => {
    const transition = plan(cfg, pair({}, { 'lun-two': seen('running') }));
    expect(ids(transition)).toEqual([
      'start lun-two on san-a',
      'stop lun-two on san-a',
      'stop lun-two on san-b',
    ]);
  });

  test('what the configuration does not know is named, not touched', () => {
    const transition = plan(cfg, pair({ 'lun-old': seen('running') }, {}));
    expect(transition.actions).toEqual([]);
    expect(transition.blocked.map(({ subject }) => subject)).toEqual(['lun-old']);
  });
});

test('500 LUNs fail over in one transition, the same one every time', () => {
  const many = config(
    Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`l${index}`, 'ready' as const])),
  );
  const status = cluster({ 'san-a': node('lost', serving(many)), 'san-b': node('online', standby(many)) });
  const all = input(many, status);
  const transition = planNext(all);
  expect(transition.actions).toHaveLength(506);
  expect(JSON.stringify(planNext(structuredClone(all)))).toBe(JSON.stringify(transition));
  expect(
    ids(plan(many, cluster({ 'san-a': node('online', empty(many)), 'san-b': node('offline') }))),
  ).toEqual(['start drbd-data on san-a']);
});
