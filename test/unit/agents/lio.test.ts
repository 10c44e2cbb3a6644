import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDeviceMapper } from '../../../agents/device-mapper/device-mapper.ts';
import { createLunAgent } from '../../../agents/lio-lun/agent.ts';
import { createTargetAgent } from '../../../agents/lio-target/agent.ts';
import { failed, failure, type Observation, type Parameters, type Result } from '../../../src/model/index.ts';
import type { Agent } from '../../../src/ports/index.ts';
import { contextWith } from './fake-context.ts';
import { Killed, KernelTarget } from './kernel-target.ts';
import { reservationsOf } from './reservation-places.ts';

const iqn = 'iqn.2026-11.com.example:tank';
const group = `iscsi/${iqn}/tpgt_1`;
const hostA = 'iqn.2026-11.com.example:host-a';
const hostB = 'iqn.2026-11.com.example:host-b';
const target = { iqn, portals: ['10.77.3.100', '10.77.4.100'], initiators: [hostA, hostB] };
const lunOf = (number: number, initiators: readonly string[] = [hostA]) => ({
  iqn,
  lun: `lun-${number}`,
  number,
  serial: String(number).repeat(32),
  volumeGroup: 'keelson-tank',
  size: 16777216,
  initiators,
});

let sysfs: string;
let kernel: KernelTarget;
let targetAgent: Agent;
let lunAgent: Agent;
const context = contextWith();

async function addDevice(minor: number, name: string, discards = '0'): Promise<void> {
  const folder = join(sysfs, 'block', `dm-${minor}`);
  await mkdir(join(folder, 'dm'), { recursive: true });
  await mkdir(join(folder, 'queue'));
  await mkdir(join(folder, 'slaves/drbd0'), { recursive: true });
  await writeFile(join(folder, 'dm/name'), `${name}\n`);
  await writeFile(join(folder, 'dm/uuid'), `LVM-abc${minor}\n`);
  await writeFile(join(folder, 'dm/suspended'), '0\n');
  await writeFile(join(folder, 'dev'), `253:${minor}\n`);
  await writeFile(join(folder, 'size'), '32768\n');
  await writeFile(join(folder, 'queue/discard_max_bytes'), `${discards}\n`);
  kernel.devices.set(`/dev/dm-${minor}`, `253:${minor}`);
}

beforeEach(async () => {
  sysfs = await mkdtemp(join(tmpdir(), 'keelson-sysfs-'));
  kernel = new KernelTarget();
  const world = {
    configfs: kernel,
    deviceMapper: createDeviceMapper(sysfs),
    reservations: reservationsOf('keelson-tank'),
    connections: () => Promise.resolve([]),
  };
  targetAgent = createTargetAgent(world);
  lunAgent = createLunAgent(world);
  await addDevice(1, 'keelson--tank-lun--1');
  await addDevice(2, 'keelson--tank-lun--2', '4096');
});

afterEach(() => rm(sysfs, { recursive: true }));

function seen(result: Result<Observation>): Observation {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

const start = async (agent: Agent, parameters: Parameters) =>
  seen(await agent.start(parameters, context)).state;
const stop = async (agent: Agent, parameters: Parameters) =>
  seen(await agent.stop(parameters, context)).state;
const reload = async (agent: Agent, parameters: Parameters): Promise<Observation> => {
  const result = (await agent.reload?.(parameters, context)) ?? failed(failure('internal', 'it cannot'));
  return seen(result);
};
const monitor = async (agent: Agent, parameters: Parameters) =>
  seen(await agent.monitor(parameters, context));

/** It runs, and nothing of it is otherwise than it should be. */
const asAsked = expect.not.objectContaining({ drift: expect.anything() as unknown }) as Observation;

const everything = (): string =>
  JSON.stringify([...kernel.tree].map(([path, values]) => [path, ...values]).toSorted());

describe('a target', () => {
  test('starts enabled, closed to strangers, with its portals; again nothing is written', async () => {
    expect(await monitor(targetAgent, target)).toEqual({ state: 'stopped' });
    expect(await start(targetAgent, target)).toBe('running');
    expect(await kernel.read(`${group}/enable`)).toBe('1');
    expect(await kernel.read(`${group}/attrib/generate_node_acls`)).toBe('0');
    expect(await kernel.folders(`${group}/np`)).toEqual(['10.77.3.100:3260', '10.77.4.100:3260']);
    expect(await kernel.folders(`${group}/acls`)).toEqual([hostA, hostB]);
    const before = everything();
    expect(await start(targetAgent, target)).toBe('running');
    expect(everything()).toBe(before);
  });

  test('that lost a host loses its access, and the others keep theirs', async () => {
    await start(targetAgent, target);
    await start(lunAgent, lunOf(1, [hostA, hostB]));
    const smaller = { ...target, initiators: [hostB], portals: ['10.77.3.100'] };
    expect((await monitor(targetAgent, smaller)).drift).toMatchObject({ code: 'configuration_drifted' });
    expect(await reload(targetAgent, smaller)).toEqual(asAsked);
    expect(await kernel.folders(`${group}/acls`)).toEqual([hostB]);
    expect(await kernel.links(`${group}/acls/${hostB}/lun_1`)).toEqual({ lun: `${group}/lun/lun_1` });
  });

  test('stops with LUNs of a crash inside, and their backstores can go afterwards', async () => {
    await start(targetAgent, target);
    await start(lunAgent, lunOf(1));
    expect(await stop(targetAgent, target)).toBe('stopped');
    expect((await monitor(lunAgent, lunOf(1))).state).toBe('failed');
    expect(await stop(lunAgent, lunOf(1))).toBe('stopped');
    expect(await stop(targetAgent, target)).toBe('stopped');
  });

  test('without the kernel modules they are loaded', async () => {
    kernel.tree.clear();
    const loading = contextWith(({ program }) => {
      if (program === 'modprobe') for (const path of ['.', 'core', 'iscsi']) kernel.tree.set(path, new Map());
      return {};
    });
    expect(seen(await targetAgent.start(target, loading)).state).toBe('running');
    expect(loading.calls).toHaveLength(1);
  });
});

describe('a LUN', () => {
  beforeEach(() => start(targetAgent, target));

  test('is exported with its own serial to its own hosts only', async () => {
    expect(await monitor(lunAgent, lunOf(1))).toEqual({ state: 'stopped' });
    expect(await start(lunAgent, lunOf(1))).toBe('running');
    expect(await monitor(lunAgent, lunOf(1))).toEqual({
      state: 'running',
      facts: { device: '253:1', serial: '1'.repeat(32), mapped: 1 },
    });
    expect(await kernel.folders(`${group}/acls/${hostB}`)).not.toContain('lun_1');
    expect(await kernel.read('core/iblock_0/keelson_lun-1/attrib/emulate_tpu')).toBe('0');
  });

  test('offers UNMAP where its device can discard', async () => {
    expect(await start(lunAgent, lunOf(2))).toBe('running');
    expect(await kernel.read('core/iblock_0/keelson_lun-2/attrib/emulate_tpu')).toBe('1');
  });

  test('that changes hosts is hidden from the old one and shown to the new one', async () => {
    await start(lunAgent, lunOf(1, [hostA]));
    const moved = lunOf(1, [hostB]);
    const before = await monitor(lunAgent, moved);
    expect(before.drift?.message).toContain('may not see it');
    expect(await reload(lunAgent, moved)).toEqual(asAsked);
    expect(await kernel.folders(`${group}/acls/${hostA}`)).not.toContain('lun_1');
  });

  test('whose backstore has another device or serial is failed, and a start puts it right', async () => {
    await addDevice(7, 'other');
    for (const [path, value] of [
      ['control', 'udev_path=/dev/dm-7,readonly=0'],
      ['wwn/vpd_unit_serial', '9'.repeat(32)],
      ['enable', '1'],
    ] as const) {
      await kernel.makeFolder('core/iblock_0');
      await kernel.makeFolder('core/iblock_0/keelson_lun-1');
      await kernel.write(`core/iblock_0/keelson_lun-1/${path}`, value);
    }
    await kernel.makeFolder(`${group}/lun/lun_1`);
    await kernel.makeLink(`${group}/lun/lun_1/backstore`, 'core/iblock_0/keelson_lun-1');
    const found = await monitor(lunAgent, lunOf(1));
    expect(found.problem?.message).toMatch(
      /on device 253:7 instead of 253:1.*by the serial 9+ instead of 1+/,
    );
    expect(await start(lunAgent, lunOf(1))).toBe('running');
  });

  test('never touches a neighbour that sits on its number', async () => {
    await start(lunAgent, { ...lunOf(2), number: 1 });
    const before = everything();
    expect(await lunAgent.start(lunOf(1), context)).toMatchObject({ ok: false });
    expect(await stop(lunAgent, lunOf(1))).toBe('stopped');
    expect(everything()).toBe(before);
  });

  test.each([
    ['its volume is not active', { ...lunOf(1), lun: 'elsewhere' }, /not active/],
    ['there is no target', { ...lunOf(1), iqn: 'iqn.2026-11.com.example:none' }, /no target/],
    ['a host has no access', lunOf(1, ['iqn.2026-11.com.example:stranger']), /no access for .*stranger/],
  ])('does not start where %s', async (_, parameters, message) => {
    const before = everything();
    const result = await lunAgent.start(parameters, context);
    expect(result.ok ? '' : result.failure.message).toMatch(message);
    expect(everything()).toBe(before);
  });

  test('that is killed at any change of its start is completed by the next start', async () => {
    await start(lunAgent, lunOf(2));
    const begun = kernel.changes;
    await start(lunAgent, lunOf(1));
    const steps = kernel.changes - begun;
    expect(steps).toBeGreaterThan(8);
    const complete = everything();
    for (let step = 0; step < steps; step += 1) {
      await stop(lunAgent, lunOf(1));
      kernel.killAt = kernel.changes + step;
      await expect(lunAgent.start(lunOf(1), context)).rejects.toThrow(Killed);
      kernel.killAt = Infinity;
      expect(stateOf(await monitor(lunAgent, lunOf(1)))).toBe(stateAfterKill(step, steps));
      expect(await start(lunAgent, lunOf(1))).toBe('running');
      expect(everything()).toBe(complete);
    }
  });

  test('that is killed at any change of its stop is stopped by the next stop', async () => {
    const empty = everything();
    await start(lunAgent, lunOf(1));
    const begun = kernel.changes;
    await stop(lunAgent, lunOf(1));
    const steps = kernel.changes - begun;
    for (let step = 0; step < steps; step += 1) {
      await start(lunAgent, lunOf(1));
      kernel.killAt = kernel.changes + step;
      await expect(lunAgent.stop(lunOf(1), context)).rejects.toThrow(Killed);
      kernel.killAt = Infinity;
      expect(await stop(lunAgent, lunOf(1))).toBe('stopped');
      // The adapter folder of all backstores stays.
      await kernel.removeFolder('core/iblock_0');
      expect(everything()).toBe(empty);
    }
  });
});

/** The first two changes make the adapter's folder and clear the place: nothing of the LUN is there yet. */
function stateAfterKill(step: number, steps: number): Observation['state'] | 'drifted' {
  if (step <= 1) return 'stopped';
  // All is there but the two changes that show it to its host.
  return step >= steps - 2 ? 'drifted' : 'failed';
}

const stateOf = ({ state, drift }: Observation) => (drift === undefined ? state : 'drifted');

describe('parameters', () => {
  test.each([
    ['iqn', { ...lunOf(1), iqn: '../../core' }],
    ['lun', { ...lunOf(1), lun: '../x' }],
    ['serial', { ...lunOf(1), serial: 'ABC' }],
    ['initiators.0', lunOf(1, ['iqn.2026-11.com.example:a/b'])],
  ])('that could name something else are refused: %s', async (field, parameters) => {
    const result = await lunAgent.start(parameters, context);
    expect(result).toMatchObject({ ok: false, failure: { code: 'agent_parameters_invalid' } });
    expect(result.ok ? '' : result.failure.message).toContain(field);
  });
});
