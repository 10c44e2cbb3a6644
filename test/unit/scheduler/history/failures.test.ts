import { expect, test } from 'vitest';

import { failCount } from '../../../../src/engine/scheduler/history/failures.ts';
import { ROLE } from '../../../../src/engine/scheduler/unpack/resource.ts';
import { NOW, clone, done, nodeOf, notRunning, primitive, read, resourceOf, started } from './cluster.ts';

const MONITOR = { name: 'monitor', interval: '10s' };
const failedMonitor = (resource: string, call = 3, age = 100) =>
  done(resource, { operation: 'monitor', interval: 10_000, call, exit: 1, age });

test('What fails is stopped where it runs, and started again', () => {
  const unpacked = read({
    resources: [primitive('disk', {}, [MONITOR])],
    nodes: { north: { history: { disk: [failedMonitor('disk'), started('disk')] } } },
  });
  const disk = resourceOf(unpacked, 'disk');
  expect(disk).toMatchObject({ role: ROLE.started, isFailed: true, mustStop: true, isManaged: true });
  expect(unpacked.requested).toEqual([
    { kind: 'stop', resource: disk, node: nodeOf(unpacked, 'north'), isRequired: true },
  ]);
  expect(unpacked.failedOperations.map(({ entry }) => entry.id)).toEqual(['disk_monitor_10000']);
});

test('A failure before the last stop and start is past', () => {
  const history = [
    failedMonitor('disk', 3),
    done('disk', { operation: 'stop', call: 4 }),
    done('disk', { operation: 'start', call: 5 }),
  ];
  const unpacked = read({
    resources: [primitive('disk', {}, [MONITOR])],
    nodes: { north: { history: { disk: history } } },
  });
  expect(resourceOf(unpacked, 'disk')).toMatchObject({ role: ROLE.started, isFailed: false });
  expect(unpacked.requested).toEqual([]);
});

test.each([
  ['block', { isBlocked: true, isManaged: false, isFailed: true, mustStop: false }],
  ['ignore', { isFailureIgnored: true, isFailed: false, mustStop: false }],
  ['stop', { nextRole: ROLE.stopped, isFailed: true }],
])('on-fail=%s: %o', (onFail, expected) => {
  const unpacked = read({
    resources: [primitive('disk', {}, [{ ...MONITOR, 'on-fail': onFail }])],
    nodes: { north: { history: { disk: [started('disk'), failedMonitor('disk')] } } },
  });
  expect(resourceOf(unpacked, 'disk')).toMatchObject(expected);
});

test('on-fail=standby empties the node; on-fail=fence has it fenced, which is consequence enough', () => {
  const standby = read({
    resources: [primitive('disk', {}, [{ ...MONITOR, 'on-fail': 'standby' }])],
    nodes: { north: { history: { disk: [started('disk'), failedMonitor('disk')] } } },
  });
  expect(nodeOf(standby, 'north')).toMatchObject({ isStandby: true, isStandbyOnFail: true });

  const fence = read({
    properties: { 'stonith-enabled': 'true' },
    resources: [primitive('disk', {}, [{ ...MONITOR, 'on-fail': 'fence' }])],
    nodes: { north: { history: { disk: [started('disk'), failedMonitor('disk')] } } },
  });
  expect(nodeOf(fence, 'north').uncleanReasons).toEqual(['disk failed there']);
});

test('A stop that failed where nothing can be fenced leaves the resource to people', () => {
  const unpacked = read({
    resources: [primitive('disk')],
    nodes: {
      north: { history: { disk: [started('disk'), done('disk', { operation: 'stop', call: 3, exit: 5 })] } },
    },
  });
  const disk = resourceOf(unpacked, 'disk');
  expect(disk).toMatchObject({ isBlocked: true, isManaged: false });
  expect(disk.historyScores.get(nodeOf(unpacked, 'north'))).toBe(-1_000_000);
});

test('A probe that finds no agent bans the resource there, and is no failure', () => {
  const probe = done('disk', { operation: 'monitor', call: 1, exit: 5, expected: 7 });
  const unpacked = read({
    resources: [primitive('disk')],
    nodes: { north: { history: { disk: [probe] } }, south: {} },
  });
  const disk = resourceOf(unpacked, 'disk');
  expect(disk).toMatchObject({ role: ROLE.stopped, isFailed: false, runningOn: [] });
  expect([...disk.historyScores]).toEqual([[nodeOf(unpacked, 'north'), -1_000_000]]);
});

test('Old failures are forgotten, and their count is cleared', () => {
  const unpacked = read({
    resources: [primitive('disk', { 'failure-timeout': '60s' }, [MONITOR])],
    nodes: {
      north: {
        attributes: {
          'fail-count-disk#monitor_10000': '3',
          'last-failure-disk#monitor_10000': String(NOW - 100),
        },
        history: { disk: [started('disk'), failedMonitor('disk', 3, 100)] },
      },
    },
  });
  const disk = resourceOf(unpacked, 'disk');
  const north = nodeOf(unpacked, 'north');
  expect(disk).toMatchObject({ role: ROLE.started, isFailed: false });
  expect(unpacked.failureClearings).toContainEqual({ resource: disk, node: north, reason: 'it expired' });
  expect(failCount(unpacked, disk, north, { isEffective: true })).toBe(0);
  expect(failCount(unpacked, disk, north, { isEffective: false })).toBe(3);
  // The monitor that failed is ordered again, as if its definition had changed.
  const [history] = unpacked.histories;
  expect(history?.entries.at(-1)?.fields['op-restart-digest']).toBe('calculated-failure-timeout');
});

test('Young failures count, and are looked at again when they grow old', () => {
  const unpacked = read({
    resources: [primitive('disk', { 'failure-timeout': '60s' }, [MONITOR])],
    nodes: {
      north: {
        attributes: {
          'fail-count-disk#monitor_10000': '1',
          'last-failure-disk#monitor_10000': String(NOW - 20),
        },
        history: { disk: [started('disk'), failedMonitor('disk', 3, 20)] },
      },
    },
  });
  expect(resourceOf(unpacked, 'disk').isFailed).toBe(true);
  expect(unpacked.failureClearings).toEqual([]);
  expect(unpacked.recheckAt).toBe(NOW + 41);
});

test('A failure that blocks does not grow old', () => {
  const unpacked = read({
    resources: [primitive('disk', { 'failure-timeout': '60s' }, [{ ...MONITOR, 'on-fail': 'block' }])],
    nodes: {
      north: {
        attributes: {
          'fail-count-disk#monitor_10000': '1',
          'last-failure-disk#monitor_10000': String(NOW - 100),
        },
        history: { disk: [started('disk'), failedMonitor('disk', 3, 100)] },
      },
    },
  });
  const disk = resourceOf(unpacked, 'disk');
  expect(disk).toMatchObject({ isBlocked: true, failureTimeout: 0 });
  expect(failCount(unpacked, disk, nodeOf(unpacked, 'north'), { isEffective: true })).toBe(1);
});

test('Fail counts add up over operations, and over the instances of an anonymous clone', () => {
  const unpacked = read({
    resources: [clone('disks', primitive('disk')), primitive('diskette')],
    nodes: {
      north: {
        attributes: {
          'fail-count-disk#monitor_10000': '2',
          'fail-count-disk:1#start_0': '3',
          'fail-count-disk': '50',
          'fail-count-diskette#start_0': 'INFINITY',
          'fail-count-diskette#stop_0': '1',
        },
        history: { disk: [notRunning('disk')] },
      },
    },
  });
  const north = nodeOf(unpacked, 'north');
  expect(failCount(unpacked, resourceOf(unpacked, 'disk:0'), north, { isEffective: true })).toBe(5);
  expect(failCount(unpacked, resourceOf(unpacked, 'diskette'), north, { isEffective: true })).toBe(1_000_000);
});

test('Clusters before feature set 3.0.13 count for the whole resource', () => {
  const unpacked = read({
    cluster: { crm_feature_set: '3.0.12' },
    resources: [primitive('disk')],
    nodes: { north: { attributes: { 'fail-count-disk': '4', 'fail-count-disk#start_0': '9' } } },
  });
  const disk = resourceOf(unpacked, 'disk');
  expect(failCount(unpacked, disk, nodeOf(unpacked, 'north'), { isEffective: true })).toBe(4);
});
