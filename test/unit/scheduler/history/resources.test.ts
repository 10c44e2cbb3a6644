import { expect, test } from 'vitest';

import { ROLE } from '../../../../src/engine/scheduler/unpack/resource.ts';
import {
  LOST,
  NOW,
  clone,
  done,
  group,
  nodeOf,
  notRunning,
  placesOf,
  primitive,
  read,
  resourceOf,
  started,
} from './cluster.ts';

test('Records count in the order of execution, whatever the order they are written in', () => {
  const unpacked = read({
    resources: [primitive('disk')],
    nodes: {
      north: {
        history: {
          disk: [done('disk', { operation: 'stop', call: 9 }), started('disk', 4), notRunning('disk')],
        },
      },
    },
  });
  expect(resourceOf(unpacked, 'disk').role).toBe(ROLE.stopped);
  expect(unpacked.histories[0]?.entries.map(({ operation }) => operation)).toEqual([
    'monitor',
    'start',
    'stop',
  ]);
});

test('A start under way counts as running, and its place in the sequence is told by its transition', () => {
  const pending = done('disk', { operation: 'start', call: -1, exit: 193, outcome: -1, transition: 7 });
  const stop = done('disk', { operation: 'stop', call: 5, transition: 6 });
  const unpacked = read({
    resources: [primitive('disk')],
    nodes: { north: { history: { disk: [pending, stop] } } },
  });
  expect(resourceOf(unpacked, 'disk')).toMatchObject({
    role: ROLE.started,
    isStartPending: true,
    pendingTask: 'start',
  });
  expect(placesOf(unpacked, 'disk')).toEqual(['north']);
});

test('Instances of an anonymous clone are given to nodes as their records are read', () => {
  const unpacked = read({
    resources: [clone('disks', primitive('disk'), { promotable: 'true' })],
    nodes: {
      north: { history: { disk: [started('disk'), done('disk', { operation: 'promote', call: 3 })] } },
      south: { history: { disk: [started('disk'), done('disk', { operation: 'demote', call: 3 })] } },
    },
  });
  expect(resourceOf(unpacked, 'disk:0')).toMatchObject({ historyId: 'disk', role: ROLE.promoted });
  expect(resourceOf(unpacked, 'disk:1')).toMatchObject({ historyId: 'disk', role: ROLE.unpromoted });
  expect(resourceOf(unpacked, 'disks').role).toBe(ROLE.promoted);
  expect(placesOf(unpacked, 'disks')).toEqual(['north', 'south']);
});

test('The members of a cloned group on one node belong to one instance', () => {
  const history = { disk: [started('disk')], share: [started('share')] };
  const unpacked = read({
    resources: [clone('stacks', group('stack', [primitive('disk'), primitive('share')]))],
    nodes: { north: { history }, south: { history } },
  });
  expect(['disk:0', 'share:0', 'disk:1', 'share:1'].map((id) => placesOf(unpacked, id))).toEqual([
    ['north'],
    ['north'],
    ['south'],
    ['south'],
  ]);
});

test('What runs beyond clone-max gets an instance of its own, which is an orphan', () => {
  const unpacked = read({
    resources: [clone('disks', primitive('disk'), { 'clone-max': '1' })],
    nodes: {
      north: { history: { disk: [started('disk')] } },
      south: { history: { disk: [started('disk')] } },
    },
  });
  expect(resourceOf(unpacked, 'disk:0').isOrphan).toBe(false);
  expect(resourceOf(unpacked, 'disk:1')).toMatchObject({ isOrphan: true, isOrphanInstance: true });
});

test('What is not defined any more is to be stopped, or left alone', () => {
  const nodes = { north: { history: { tape: [started('tape')] } } };
  const stopped = read({ resources: [], nodes });
  const tape = resourceOf(stopped, 'tape');
  expect(tape).toMatchObject({ isOrphan: true, isManaged: true });
  expect(tape.historyScores.get(nodeOf(stopped, 'north'))).toBe(-1_000_000);

  const left = read({
    properties: { 'stonith-enabled': 'false', 'stop-orphan-resources': 'false' },
    resources: [],
    nodes,
  });
  expect(resourceOf(left, 'tape')).toMatchObject({ isOrphan: true, isManaged: false });
});

const departure = done('vm', {
  operation: 'migrate_to',
  call: 5,
  fields: { migrate_source: 'north', migrate_target: 'south' },
});
const arrival = done('vm', {
  operation: 'migrate_from',
  call: 5,
  age: 50,
  fields: { migrate_source: 'north', migrate_target: 'south' },
});
const movable = [primitive('vm', { 'allow-migrate': 'true' })];

test('A migration that has only left its source may go on', () => {
  const unpacked = read({
    resources: movable,
    nodes: { north: { history: { vm: [departure] } }, south: { history: { vm: [notRunning('vm')] } } },
  });
  const vm = resourceOf(unpacked, 'vm');
  expect(vm).toMatchObject({ role: ROLE.started, isFailed: false });
  expect([vm.partialMigrationSource?.name, vm.partialMigrationTarget?.name]).toEqual(['north', 'south']);
  expect(placesOf(unpacked, 'vm')).toEqual(['south', 'north']);
});

test('A migration whose history at the target was cleaned waits for a probe there', () => {
  const unpacked = read({
    resources: movable,
    nodes: { north: { history: { vm: [departure] } }, south: {} },
  });
  expect(resourceOf(unpacked, 'vm').partialMigrationTarget).toBeUndefined();
  expect(placesOf(unpacked, 'vm')).toEqual(['north']);
});

test('A migration that has arrived only misses the stop at its source', () => {
  const unpacked = read({
    resources: movable,
    nodes: { north: { history: { vm: [departure] } }, south: { history: { vm: [arrival] } } },
  });
  expect(placesOf(unpacked, 'vm')).toEqual(['south']);
  expect(resourceOf(unpacked, 'vm').danglingMigrations.map(({ name }) => name)).toEqual(['north']);
});

test('A migration whose target is lost is not tried again: the resource restarts', () => {
  const unpacked = read({
    properties: { 'stonith-enabled': 'true' },
    resources: movable,
    nodes: { north: { history: { vm: [departure] } }, south: { state: LOST } },
  });
  expect(resourceOf(unpacked, 'vm')).toMatchObject({ isFailed: true, mustStop: true, mayMigrate: false });
});

test('A group that may not run twice is blocked as a whole', () => {
  const unpacked = read({
    resources: [group('stack', [primitive('disk'), primitive('share')], { 'multiple-active': 'block' })],
    nodes: {
      north: { history: { disk: [started('disk')], share: [started('share')] } },
      south: { history: { disk: [started('disk')] } },
    },
  });
  expect(resourceOf(unpacked, 'disk').isBlocked).toBe(true);
  expect(resourceOf(unpacked, 'share')).toMatchObject({ isBlocked: true, isManaged: false });
});

test('A node in maintenance keeps what it runs, unmanaged', () => {
  const unpacked = read({
    resources: [primitive('disk')],
    nodes: {
      north: { attributes: { maintenance: 'true' }, history: { disk: [started('disk')] } },
      south: {},
    },
  });
  const disk = resourceOf(unpacked, 'disk');
  expect(disk.isManaged).toBe(false);
  expect(disk.historyScores.get(nodeOf(unpacked, 'north'))).toBe(1_000_000);
});

test('A node is worth what it runs; a promoted instance one more; what has failed nothing', () => {
  const unpacked = read({
    resources: [
      clone('disks', primitive('disk', { priority: '10' }), { promotable: 'true' }),
      primitive('share', { priority: '5' }),
    ],
    nodes: {
      north: {
        history: {
          disk: [started('disk'), done('disk', { operation: 'promote', call: 3 })],
          share: [
            started('share'),
            done('share', { operation: 'monitor', interval: 10_000, call: 3, exit: 1 }),
          ],
        },
      },
      south: { history: { disk: [started('disk'), done('disk', { operation: 'demote', call: 3 })] } },
    },
  });
  expect(nodeOf(unpacked, 'north').priority).toBe(11);
  expect(nodeOf(unpacked, 'south').priority).toBe(10);
});

test('A resource stays bound to the node that was shut down, until the lock is too old', () => {
  const locked = (age: number) =>
    read({
      properties: { 'stonith-enabled': 'false', 'shutdown-lock': 'true', 'shutdown-lock-limit': '5min' },
      resources: [primitive('disk')],
      nodes: {
        north: {},
        south: {
          state: { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' },
          history: { disk: [done('disk', { operation: 'stop', call: 5 })] },
          fields: { disk: { 'shutdown-lock': String(NOW - age) } },
        },
      },
    });
  const young = resourceOf(locked(60), 'disk');
  expect([young.lockNode?.name, young.lockTime]).toEqual(['south', NOW - 60]);
  const old = locked(400);
  expect(resourceOf(old, 'disk').lockNode).toBeUndefined();
  expect(old.requested.map(({ kind }) => kind)).toEqual(['forget']);
});

test('target-role asks for less, never for more', () => {
  const unpacked = read({
    resources: [
      primitive('disk', { 'target-role': 'Stopped' }),
      primitive('share', { 'target-role': 'Promoted' }),
    ],
    nodes: { north: { history: { disk: [started('disk')], share: [started('share')] } } },
  });
  expect(resourceOf(unpacked, 'disk').nextRole).toBe(ROLE.stopped);
  expect(resourceOf(unpacked, 'share').nextRole).toBe(ROLE.unknown);
});

test('Records that nobody understands are told, and the others count', () => {
  const odd = { ...started('disk', 3), fields: { 'rc-code': '0', 'call-id': '3' } };
  const unpacked = read({
    cluster: { crm_feature_set: '4.0.0' },
    resources: [primitive('disk')],
    nodes: {
      north: { history: { disk: [notRunning('disk'), odd, done('disk', { operation: 'polish', call: 4 })] } },
    },
  });
  const codes = unpacked.findings.map(({ code }) => code);
  expect(codes).toContain('unknown_feature_set');
  expect(codes).toContain('missing_field');
  expect(codes).toContain('unknown_operation');
});
