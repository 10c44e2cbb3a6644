import { expect, test } from 'vitest';

import { LEFT, LOST, nodeOf, primitive, read, started } from './cluster.ts';

const FENCED = { 'stonith-enabled': 'true' };
const resources = [primitive('disk')];

test('A node that fell silent must be fenced, and the first cause is the one told', () => {
  const unpacked = read({
    properties: FENCED,
    resources,
    nodes: { north: {}, south: { state: LOST, history: { disk: [started('disk')] } } },
  });
  expect(nodeOf(unpacked, 'north')).toMatchObject({ isOnline: true, isUnclean: false });
  expect(nodeOf(unpacked, 'south')).toMatchObject({
    isOnline: false,
    isUnclean: true,
    uncleanReasons: ['peer is no longer part of the cluster'],
  });
});

test('A node that left in order is down and clean', () => {
  const unpacked = read({ properties: FENCED, resources, nodes: { north: {}, south: { state: LEFT } } });
  expect(nodeOf(unpacked, 'south')).toMatchObject({ isOnline: false, isUnclean: false, isUnseen: false });
});

test('What a node that left in order seems to run still has to be fenced', () => {
  const unpacked = read({
    properties: FENCED,
    resources,
    nodes: { north: {}, south: { state: LEFT, history: { disk: [started('disk')] } } },
  });
  expect(nodeOf(unpacked, 'south').uncleanReasons).toEqual(['disk is thought to be active there']);
});

test('Without fencing a node that is away just runs nothing', () => {
  const unpacked = read({
    resources,
    nodes: { north: {}, south: { state: LEFT, history: { disk: [started('disk')] } } },
  });
  expect(nodeOf(unpacked, 'south')).toMatchObject({ isUnclean: false, isUnpacked: false });
  expect(unpacked.histories).toEqual([]);
});

test('A node that is still joining gets nothing to do yet', () => {
  const joining = { in_ccm: 'true', crmd: 'online', join: 'pending', expected: 'member' };
  const unpacked = read({ properties: FENCED, resources, nodes: { north: {}, south: { state: joining } } });
  expect(nodeOf(unpacked, 'south')).toMatchObject({ isOnline: true, isPending: true, isStandby: true });
});

test.each([
  [{ standby: 'on' }, { isStandby: true }],
  [{ maintenance: 'true' }, { isInMaintenance: true }],
  [{ shutdown: '1699999999' }, { isShuttingDown: true, isExpectedUp: false }],
  [{ shutdown: '0' }, { isShuttingDown: false, isExpectedUp: true }],
  [{ terminate: 'true' }, { isUnclean: true, uncleanReasons: ['termination was requested'] }],
])('The attributes %o make a node %o', (attributes, expected) => {
  const unpacked = read({ properties: FENCED, resources, nodes: { north: { attributes } } });
  expect(nodeOf(unpacked, 'north')).toMatchObject(expected);
});

test('Without quorum and with no-quorum-policy=suicide whoever is here must be fenced', () => {
  const unpacked = read({
    properties: { ...FENCED, 'no-quorum-policy': 'suicide' },
    cluster: { 'have-quorum': '0', 'no-quorum-panic': '1' },
    resources,
    nodes: { north: {} },
  });
  expect(nodeOf(unpacked, 'north').uncleanReasons).toEqual(['cluster does not have quorum']);
});
