import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/engine/blueprint/index.ts';
import { inShort } from '../../../src/engine/planner/index.ts';
import {
  failure,
  type ClusterConfig,
  type InstanceStatus,
  type ResourceId,
  type Transition,
} from '../../../src/model/index.ts';
import {
  cluster,
  config,
  failing,
  ids,
  node,
  plan,
  seen,
  serving,
  standby,
  waitsFor,
} from '../../scenario/planner/world.ts';

const cfg = config({ one: 'ready', two: 'ready' });
const withHost = (of: ClusterConfig, initiators: readonly string[]): ClusterConfig => ({
  ...of,
  hosts: { ...of.hosts, web: { name: 'web', initiators } },
});
/** The host has one initiator more: the target lets it in, and both LUNs are shown to it. */
const changed = withHost(cfg, ['iqn.2026-01.com.example:web', 'iqn.2026-01.com.example:web-2']);

/** It runs, brought to what this configuration says of it. */
function brought(of: ClusterConfig, id: ResourceId, more: Partial<InstanceStatus> = {}): InstanceStatus {
  const found = compile(of).resources.find((resource) => resource.id === id);
  if (found?.kind !== 'primitive') throw new Error(`no ${id}`);
  return { ...seen('running'), applied: inShort(found.agent, found.parameters), ...more };
}

const all = ['target-data', 'lun-one', 'lun-two'];
const running = (of: ClusterConfig, more: Readonly<Record<ResourceId, InstanceStatus>> = {}) => ({
  ...serving(of),
  ...Object.fromEntries(all.map((id) => [id, brought(of, id)])),
  ...more,
});

const next = (
  of: ClusterConfig,
  instances: Readonly<Record<ResourceId, InstanceStatus>>,
  quorate = true,
): Transition =>
  plan(of, cluster({ 'san-a': node('online', instances), 'san-b': node('online', standby(of)) }, quorate));

const drift = {
  state: 'running',
  drift: failure('configuration_drifted', 'LUN one is visible to all'),
} as const;

describe('a definition that has changed', () => {
  test('is brought to what runs, which goes on; who is let in comes before what he is shown', () => {
    expect(ids(next(cfg, running(cfg)))).toEqual([]);
    const transition = next(changed, running(cfg));
    expect(ids(transition)).toEqual(all.map((id) => `reload ${id} on san-a`).sort());
    expect(waitsFor(transition, 'reload lun-one on san-a', 'reload target-data on san-a')).toBe(true);
    expect(transition.actions[0]).toMatchObject({ reason: expect.stringContaining('definition') as string });
  });

  test('of one LUN touches that LUN', () => {
    const { one } = cfg.luns;
    if (one === undefined) throw new Error('there is no LUN');
    const unmapped = { ...cfg, luns: { ...cfg.luns, one: { ...one, hosts: [] } } };
    expect(ids(next(unmapped, running(cfg)))).toEqual(['reload lun-one on san-a']);
  });

  test('that is another thing by identity is restarted', () => {
    const { one } = cfg.luns;
    if (one === undefined) throw new Error('there is no LUN');
    const other = { ...cfg, luns: { ...cfg.luns, one: { ...one, serial: 'f'.repeat(32) } } };
    expect(ids(next(other, running(cfg)))).toEqual(['start lun-one on san-a', 'stop lun-one on san-a']);
  });

  test('waits without quorum, and leaves alone what is not managed', () => {
    expect(ids(next(changed, running(cfg), false))).toEqual([]);
    const unmanaged = { ...changed, resources: { 'lun-one': { managed: false as const } } };
    expect(ids(next(unmanaged, running(cfg)))).not.toContain('reload lun-one on san-a');
  });

  test('of which nothing is known changes nothing until a monitor tells', () => {
    expect(ids(next(changed, serving(cfg)))).toEqual([]);
  });

  test('comes before the address that leads to it', () => {
    const instances = running(cfg, { 'address-data-1': seen('stopped') });
    const transition = next(changed, instances);
    expect(waitsFor(transition, 'start address-data-1 on san-a', 'reload lun-two on san-a')).toBe(true);
  });

  test('and cannot be brought to it three times is left as it is, and told', () => {
    const failed = (count: number) => ({
      ...brought(cfg, 'lun-one'),
      failures: failing('unknown', 'reload', count).failures,
    });
    expect(ids(next(changed, running(cfg, { 'lun-one': failed(2) })))).toContain('reload lun-one on san-a');
    const given = next(changed, running(cfg, { 'lun-one': failed(3) }));
    expect(ids(given)).not.toContain('reload lun-one on san-a');
    expect(given.blocked).toMatchObject([
      { subject: 'lun-one', next: expect.stringContaining('cleanup') as string },
    ]);
  });
});

describe('what somebody changed behind its back', () => {
  const found = running(cfg, { 'lun-one': brought(cfg, 'lun-one', { observation: drift }) });

  test('is put right without a stop, and the reason says what it was', () => {
    const transition = next(cfg, found);
    expect(ids(transition)).toEqual(['reload lun-one on san-a']);
    expect(transition.actions[0]?.reason).toContain('LUN one is visible to all');
  });

  test('is left where a person wants to be told only; a change of the definition comes through all the same', () => {
    const told = { resources: { 'lun-one': { onDrift: 'report' as const } } };
    expect(ids(next({ ...cfg, ...told }, found))).toEqual([]);
    expect(ids(next({ ...changed, ...told }, found))).toContain('reload lun-one on san-a');
  });

  test('is not what fills a thin pool: it is extended even where a person wants to be told only', () => {
    const observation = { state: 'running', drift: failure('thin_pool_fills', '75 % is used') } as const;
    const told = { ...cfg, resources: { 'lvm-data': { onDrift: 'report' as const } } };
    const fills = next(told, running(cfg, { 'lvm-data': brought(cfg, 'lvm-data', { observation }) }));
    expect(ids(fills)).toEqual(['reload lvm-data on san-a']);
    expect(fills.actions[0]?.reason).toContain('75 % is used');
  });

  test('is put right also where a start was ended half-way', () => {
    const half = brought(cfg, 'lun-one', { observation: drift, applied: '' });
    const told = { ...cfg, resources: { 'lun-one': { onDrift: 'report' as const } } };
    expect(ids(next(told, running(cfg, { 'lun-one': half })))).toEqual(['reload lun-one on san-a']);
  });
});

test('parameters in short differ with every value, tell no secret, and are nothing where an agent cannot reload', () => {
  const of = (secret: string) => inShort('lio-target', { iqn: 'x', chapSecrets: { host: secret } });
  const shorts = ['correct-horse-1', 'correct-horse-2', 'correct-hosre-1'].map(of);
  expect(new Set(shorts).size).toBe(3);
  expect(shorts.join()).not.toContain('horse');
  expect(new Set(shorts.map((short) => short?.split('.')[0])).size).toBe(1);
  expect(inShort('drbd', { pool: 'x' })).toBeUndefined();
});
