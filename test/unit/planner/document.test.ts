import { expect, test } from 'vitest';
import { plan } from '../../../src/engine/planner/index.ts';
import { documentOf } from '../../../src/engine/planner/document.ts';
import { readFacts } from '../../../src/engine/planner/facts.ts';
import { findingsOf, schedule } from '../../../src/engine/scheduler/index.ts';
import type { ClusterStatus } from '../../../src/model/index.ts';
import {
  cluster,
  config,
  empty,
  failing,
  input,
  node,
  seen,
  serving,
  standby,
} from '../../scenario/planner/world.ts';

const cfg = config({ one: 'ready', two: 'deleting' }, { pool: { solo: 'san-a' } });
const documentFor = (status: ClusterStatus) => documentOf(readFacts(input(cfg, status)));

test('the scheduler understands all of it', () => {
  const worn = { 'lun-one': failing({ state: 'failed' }, 'start', 4) };
  for (const state of ['online', 'joining', 'engine-gone', 'lost', 'offline'] as const) {
    const status = cluster({
      'san-a': node('online', { ...serving(cfg), ...worn }),
      'san-b': node(state, empty(cfg)),
    });
    const scheduled = schedule({
      document: documentFor(status),
      now: 0,
      utcOffset: 0,
      md5: () => 'same',
      withScores: false,
    });
    expect(findingsOf(scheduled)).toEqual([]);
  }
});

test('a node is a member, pending, lost or off', () => {
  const joins = (status: ClusterStatus) =>
    documentFor(status).nodes.map(({ fields }) => `${fields['join'] ?? ''} ${fields['expected'] ?? ''}`);
  expect(joins(cluster({ 'san-a': node('online'), 'san-b': node('joining') }))).toEqual([
    'member member',
    'pending member',
  ]);
  expect(joins(cluster({ 'san-a': node('offline'), 'san-b': node('engine-gone') }))).toEqual([
    'down down',
    'pending member',
  ]);
  const asked = node('online', {}, { fenceWanted: 'its replication link is gone' });
  expect(joins(cluster({ 'san-a': asked, 'san-b': node('lost') }))).toEqual(['down member', 'down member']);
  // Nobody has told anything of san-b.
  expect(joins(cluster({ 'san-a': node('online') }))).toEqual(['member member', 'down member']);
});

test('what runs well in spite of past failures counts as never failed', () => {
  const counts = (instances: object) =>
    documentFor(cluster({ 'san-a': node('online', { ...serving(cfg), ...instances }) }))
      .nodes[0]?.transient.flatMap(({ pairs }) => pairs)
      .filter(({ name }) => name?.startsWith('fail-count') === true)
      .map(({ name, value }) => `${name ?? ''}=${value ?? ''}`);
  expect(counts({ 'target-data': failing({ state: 'running' }, 'monitor', 3) })).toEqual([]);
  expect(counts({ 'target-data': failing({ state: 'stopped' }, 'monitor', 3) })).toEqual([
    'fail-count-target-data#monitor_0=3',
  ]);
});

test('what is not fit is never promoted, whatever is preferred', () => {
  const status = cluster({
    'san-a': node('online', { ...standby(cfg), 'drbd-data': seen('running') }),
    'san-b': node('online', { ...standby(cfg), 'drbd-data': seen('running', 5) }),
  });
  const scores = documentFor(status)
    .nodes.flatMap(({ transient }) => transient.flatMap(({ pairs }) => pairs))
    .filter(({ name }) => name === 'master-drbd-data')
    .map(({ value }) => value);
  expect(scores).toEqual(['-1000000', '-1000000']);
});

test('as long as nothing changes it is planned once', () => {
  const status = cluster({ 'san-a': node('online', serving(cfg)), 'san-b': node('online', standby(cfg)) });
  const all = input(cfg, status);
  expect(plan({ ...all })).toBe(plan(all));
  expect(plan({ ...all, status: { ...status } })).not.toBe(plan(all));
});

test('a cluster that switches nodes off for good plans to do so', () => {
  const actionsOf = (fenceAction: object) => {
    const off = { ...cfg, properties: { ...cfg.properties, ...fenceAction } };
    const status = cluster({ 'san-a': node('online', serving(cfg)), 'san-b': node('lost') });
    const { steps } = schedule({
      document: documentOf(readFacts(input(off, status))),
      now: 0,
      utcOffset: 0,
      md5: () => 'same',
      withScores: false,
    });
    const asked = steps.map(({ action }) => action.extra.get('stonith_action'));
    return new Set(asked.filter((action) => action !== undefined));
  };
  expect(actionsOf({})).toEqual(new Set(['reboot']));
  expect(actionsOf({ fenceAction: 'off' })).toEqual(new Set(['off']));
});
