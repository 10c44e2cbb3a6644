import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../../src/model/index.ts';
import { settle } from './executor.ts';
import { cluster, config, empty, ids, node, plan, seen, serving, standby, waitsFor } from './world.ts';

const cfg = config({ one: 'ready', two: 'ready' });
const nothingRuns = () => seen('stopped');

describe('the life of two nodes', () => {
  test('a healthy pair is left alone', () => {
    const status = cluster({ 'san-a': node('online', serving(cfg)), 'san-b': node('online', standby(cfg)) });
    expect(plan(cfg, status)).toEqual({ actions: [], after: {}, blocked: [] });
  });

  test('it does not fail back to the preferred node by itself', () => {
    const status = cluster({ 'san-a': node('online', standby(cfg)), 'san-b': node('online', serving(cfg)) });
    expect(plan(cfg, status).actions).toEqual([]);
  });

  test('cold start of a new cluster: looks first, makes the mirror and the volume group, serves', () => {
    const fresh = config({ one: 'creating' }, { pool: { state: 'new' } });
    const status = cluster({ 'san-a': node('online'), 'san-b': node('online') });
    expect(ids(plan(fresh, status))).toEqual(['monitor drbd-data on san-a', 'monitor drbd-data on san-b']);
    const { world } = settle({ config: fresh, status, truth: nothingRuns });
    expect(world.config.pools['data']?.state).toBe('ready');
    expect(world.config.luns['one']?.state).toBe('ready');
    expect(world.status.nodes['san-a']?.instances).toMatchObject({
      'drbd-data': { observation: { state: 'promoted' } },
      'lun-one': { observation: { state: 'running' } },
      'address-data-2': { observation: { state: 'running' } },
    });
  });

  test('a new mirror gets its first data only when both halves run', () => {
    const fresh = config({}, { pool: { state: 'new' } });
    const status = cluster({
      'san-a': node('online', { 'drbd-data': seen('running') }),
      'san-b': node('online', { 'drbd-data': seen('stopped') }),
    });
    expect(ids(plan(fresh, status))).toEqual(['start drbd-data on san-b']);
  });

  test('power cut of the primary: everything but the mirror waits for the proof, addresses come last', () => {
    const status = cluster({ 'san-a': node('lost', serving(cfg)), 'san-b': node('online', standby(cfg)) });
    const transition = plan(cfg, status);
    expect(ids(transition)).toEqual(
      [
        'fence san-a',
        'promote drbd-data on san-b',
        'start address-data-1 on san-b',
        'start address-data-2 on san-b',
        'start lun-one on san-b',
        'start lun-two on san-b',
        'start lvm-data on san-b',
        'start target-data on san-b',
      ].sort(),
    );
    const chain = ['fence san-a', 'promote drbd-data on san-b', 'start lvm-data on san-b'];
    chain.push('start target-data on san-b', 'start lun-two on san-b', 'start address-data-1 on san-b');
    chain.slice(1).forEach((then, index) => {
      expect(waitsFor(transition, then, chain[index] ?? '')).toBe(true);
    });
    expect(waitsFor(transition, 'start lun-one on san-b', 'start lun-two on san-b')).toBe(false);
  });

  test('the mirror starts on the survivor although the other node is not proven off yet', () => {
    const status = cluster({ 'san-a': node('lost'), 'san-b': node('online', empty(cfg)) });
    const transition = plan(cfg, status);
    expect(ids(transition)).toEqual(['fence san-a', 'start drbd-data on san-b']);
    expect(transition.after['start drbd-data on san-b']).toEqual([]);
  });

  test('fencing that fails is told with its cause and the next step', () => {
    const fencing = {
      state: 'failing' as const,
      reason: 'lost',
      since: milliseconds(0),
      attempts: 3,
      by: 'san-b',
      failure: { code: 'fence_unreachable' as const, message: '10.0.1.11 does not answer' },
    };
    const status = cluster({
      'san-a': node('lost', serving(cfg), { fencing }),
      'san-b': node('online', standby(cfg)),
    });
    expect(plan(cfg, status).blocked).toContainEqual({
      subject: 'san-a',
      reason: 'Nothing is promoted or started until san-a is confirmed off: 10.0.1.11 does not answer.',
      next: 'Check the management board of san-a; Keelson goes on trying by itself.',
    });
  });

  test('the fenced primary comes back as the standby', () => {
    const status = cluster({ 'san-a': node('online'), 'san-b': node('online', serving(cfg)) });
    const { world } = settle({ config: cfg, status, truth: nothingRuns });
    expect(world.status.nodes['san-b']?.instances).toEqual(status.nodes['san-b']?.instances);
    expect(world.status.nodes['san-a']?.instances['drbd-data']?.observation).toMatchObject({
      state: 'running',
    });
  });

  test('a planned restart: the peer left in order, nothing is fenced, the rest takes over', () => {
    const status = cluster({ 'san-a': node('offline'), 'san-b': node('online', standby(cfg)) });
    const transition = plan(cfg, status);
    expect(ids(transition)).toContain('promote drbd-data on san-b');
    expect(transition.actions.some(({ kind }) => kind === 'fence')).toBe(false);
  });

  test('the data of the other node alone is current: nothing else is promoted', () => {
    const solo = config({ one: 'ready' }, { pool: { solo: 'san-a' } });
    const status = cluster({ 'san-a': node('offline'), 'san-b': node('online', standby(solo)) });
    const transition = plan(solo, status);
    expect(transition.actions).toEqual([]);
    expect(transition.blocked.map(({ subject }) => subject)).toEqual(['drbd-data']);
  });

  test('the primary lost its disk: a planned move, down in order, then up in order', () => {
    const status = cluster({
      'san-a': node('online', { ...serving(cfg), 'drbd-data': seen('promoted') }),
      'san-b': node('online', standby(cfg)),
    });
    const transition = plan(cfg, status);
    const chain = ['stop address-data-1 on san-a', 'stop lun-one on san-a', 'stop target-data on san-a'];
    chain.push('stop lvm-data on san-a', 'demote drbd-data on san-a', 'promote drbd-data on san-b');
    chain.slice(1).forEach((then, index) => {
      expect(waitsFor(transition, then, chain[index] ?? '')).toBe(true);
    });
    expect(settle({ config: cfg, status, truth: nothingRuns }).rounds).toBe(1);
  });

  test('the primary lost its disk and nobody is fitter: it goes on', () => {
    const status = cluster({
      'san-a': node('online', { ...serving(cfg), 'drbd-data': seen('promoted') }),
      'san-b': node('online', { ...standby(cfg), 'drbd-data': seen('running') }),
    });
    expect(plan(cfg, status).actions).toEqual([]);
  });

  test('two promoted: one is demoted, and it is said loudly', () => {
    const status = cluster({
      'san-a': node('online', serving(cfg)),
      'san-b': node('online', { ...standby(cfg), 'drbd-data': seen('promoted', 10_000) }),
    });
    const transition = plan(cfg, status);
    expect(ids(transition)).toEqual(['demote drbd-data on san-b']);
    expect(transition.actions[0]?.reason).toContain('PROMOTED TWICE');
  });
});
