import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDeviceMapper } from '../../../agents/device-mapper/device-mapper.ts';
import { createLunAgent } from '../../../agents/lio-lun/agent.ts';
import { createTargetAgent } from '../../../agents/lio-target/agent.ts';
import type { Observation, Parameters } from '../../../src/model/index.ts';
import type { Agent } from '../../../src/ports/index.ts';
import { contextWith } from './fake-context.ts';
import { Killed, KernelTarget } from './kernel-target.ts';
import { reservationsOf } from './reservation-places.ts';

const iqn = 'iqn.2026-11.com.example:tank';
const group = `iscsi/${iqn}/tpgt_1`;
const hostA = 'iqn.2026-11.com.example:host-a';
const hostB = 'iqn.2026-11.com.example:host-b';
const target = { iqn, portals: ['10.77.3.100'], initiators: [hostA, hostB] };
const chap = { chapUsers: { [hostA]: 'host-a' }, chapSecrets: { [hostA]: 'correct-horse-1' } };
const mutual = { mutualUsers: { [hostA]: 'san' }, mutualSecrets: { [hostA]: 'battery-staple' } };
const lun = {
  iqn,
  lun: 'vm1',
  number: 7,
  serial: '7'.repeat(32),
  volumeGroup: 'keelson-tank',
  size: 16777216,
  initiators: [hostA],
};

let sysfs: string;
let kernel: KernelTarget;
let targetAgent: Agent;
let lunAgent: Agent;
const context = contextWith();

beforeEach(async () => {
  sysfs = await mkdtemp(join(tmpdir(), 'keelson-sysfs-'));
  kernel = new KernelTarget();
  const folder = join(sysfs, 'block/dm-1');
  for (const name of ['dm', 'queue', 'slaves/drbd0']) await mkdir(join(folder, name), { recursive: true });
  const files = { 'dm/name': 'keelson--tank-vm1', 'dm/uuid': 'LVM-1', 'dm/suspended': '0', dev: '253:1' };
  for (const [name, text] of Object.entries({ ...files, size: '32768', 'queue/discard_max_bytes': '0' }))
    await writeFile(join(folder, name), `${text}\n`);
  kernel.devices.set('/dev/dm-1', '253:1');
  const world = {
    configfs: kernel,
    deviceMapper: createDeviceMapper(sysfs),
    reservations: reservationsOf('keelson-tank'),
    connections: () => Promise.resolve([]),
  };
  targetAgent = createTargetAgent(world);
  lunAgent = createLunAgent(world);
});

afterEach(() => rm(sysfs, { recursive: true }));

async function perform(
  agent: Agent,
  operation: 'start' | 'reload' | 'monitor',
  parameters: Parameters,
): Promise<Observation> {
  const result = await agent[operation]?.(parameters, context);
  if (result?.ok !== true) throw new Error(result?.failure.message ?? `it has no ${operation}`);
  return result.value;
}

/** What is written, made and removed by it, without the values. */
async function deedsOf(agent: Agent, parameters: Parameters): Promise<readonly string[]> {
  const before = kernel.deeds.length;
  expect((await perform(agent, 'reload', parameters)).drift).toBeUndefined();
  return kernel.deeds.slice(before).map((deed) => deed.replace(`${group}/`, ''));
}

const attribute = (initiator: string, name: string) => kernel.read(`${group}/acls/${initiator}/${name}`);

describe('CHAP', () => {
  test('is asked of the host that has it, and the other one goes on by its name', async () => {
    await perform(targetAgent, 'start', { ...target, ...chap, ...mutual });
    expect(await kernel.read(`${group}/attrib/authentication`)).toBe('1');
    expect(await attribute(hostA, 'attrib/authentication')).toBe('1');
    expect(await attribute(hostA, 'auth/userid')).toBe('host-a');
    expect(await attribute(hostA, 'auth/password')).toBe('correct-horse-1');
    expect(await attribute(hostA, 'auth/userid_mutual')).toBe('san');
    expect(await attribute(hostA, 'auth/password_mutual')).toBe('battery-staple');
    expect(await attribute(hostB, 'attrib/authentication')).toBe('0');
    expect(await attribute(hostB, 'auth/password')).toBe('');
  });

  test('of a host that gets it touches that entry and what it must, and never the other host in between', async () => {
    await perform(targetAgent, 'start', target);
    expect(await deedsOf(targetAgent, { ...target, ...chap })).toEqual([
      // Whoever goes by his name is told apart before all have to prove themselves.
      `write acls/${hostB}/attrib/authentication`,
      'write attrib/authentication',
      `write acls/${hostA}/auth/userid`,
      `write acls/${hostA}/auth/password`,
      `write acls/${hostA}/attrib/authentication`,
    ]);
    expect(await deedsOf(targetAgent, { ...target, ...chap })).toEqual([]);
  });

  test('whose secret changes is one write', async () => {
    await perform(targetAgent, 'start', { ...target, ...chap });
    const changed = { ...target, ...chap, chapSecrets: { [hostA]: 'another-secret' } };
    const { state, drift } = await perform(targetAgent, 'monitor', changed);
    expect([state, drift?.code]).toEqual(['running', 'configuration_drifted']);
    expect(drift?.message).toContain(hostA);
    expect(drift?.message).not.toMatch(/secret|horse/);
    expect(await deedsOf(targetAgent, changed)).toEqual([`write acls/${hostA}/auth/password`]);
  });

  test('that is taken away leaves nothing of itself, and locks nobody out meanwhile', async () => {
    await perform(targetAgent, 'start', { ...target, ...chap, ...mutual });
    const [first] = await deedsOf(targetAgent, target);
    expect(first).toBe('write attrib/authentication');
    for (const name of ['userid', 'password', 'userid_mutual', 'password_mutual'])
      expect(await attribute(hostA, `auth/${name}`)).toBe('NULL');
    expect(await attribute(hostA, 'attrib/authentication')).toBe('-1');
    expect((await perform(targetAgent, 'monitor', target)).drift).toBeUndefined();
  });

  test('of a new host is asked from the first moment of its entry on', async () => {
    await perform(targetAgent, 'start', { ...target, initiators: [hostB] });
    kernel.deeds.splice(0);
    await perform(targetAgent, 'reload', { ...target, ...chap });
    const order = kernel.deeds.map((deed) => deed.replace(`${group}/`, ''));
    expect(order.indexOf('write attrib/authentication')).toBeLessThan(order.indexOf(`make acls/${hostA}`));
  });

  test.each([
    ['a line end', 'correct-horse\n'],
    ['what the kernel takes for none', 'NULLcorrecthorse'],
    ['a blank', 'correct horse'],
  ])('with %s is refused, and not shown', async (_, secret) => {
    const result = await targetAgent.start({ ...target, ...chap, chapSecrets: { [hostA]: secret } }, context);
    expect(result).toMatchObject({ ok: false, failure: { code: 'agent_parameters_invalid' } });
    expect(JSON.stringify(result)).not.toContain('correct');
  });

  test('interrupted at any change is completed by the next reload', async () => {
    const wanted = { ...target, ...chap, ...mutual };
    for (let step = 0; step < 7; step += 1) {
      await perform(targetAgent, 'start', target);
      await perform(targetAgent, 'reload', target);
      kernel.killAt = kernel.changes + step;
      await expect(targetAgent.reload?.(wanted, context)).rejects.toThrow(Killed);
      kernel.killAt = Infinity;
      // At no moment may the host get in without a proof once the others are told apart.
      expect((await perform(targetAgent, 'monitor', wanted)).drift?.code).toBe('configuration_drifted');
      expect((await perform(targetAgent, 'reload', wanted)).drift).toBeUndefined();
    }
  });
});

describe('a mapping', () => {
  beforeEach(async () => {
    await perform(targetAgent, 'start', target);
    await perform(lunAgent, 'start', lun);
  });

  test('more is made without touching those that are there', async () => {
    const wanted = { ...lun, initiators: [hostA, hostB] };
    expect(await deedsOf(lunAgent, wanted)).toEqual([
      `make acls/${hostB}/lun_7`,
      `link acls/${hostB}/lun_7/lun`,
    ]);
  });

  test('less is taken away, and the LUN stays where it is', async () => {
    await perform(lunAgent, 'reload', { ...lun, initiators: [hostA, hostB] });
    expect(await deedsOf(lunAgent, lun)).toEqual([
      `unlink acls/${hostB}/lun_7/lun`,
      `remove acls/${hostB}/lun_7`,
    ]);
  });

  test('becomes read-only, and writable again, by one write', async () => {
    const mapped = `${group}/acls/${hostA}/lun_7/write_protect`;
    expect(await deedsOf(lunAgent, { ...lun, readOnly: [hostA] })).toEqual([
      `write acls/${hostA}/lun_7/write_protect`,
    ]);
    expect(await kernel.read(mapped)).toBe('1');
    expect((await perform(lunAgent, 'monitor', lun)).drift?.message).toContain('read-only for');
    await perform(lunAgent, 'reload', lun);
    expect(await kernel.read(mapped)).toBe('0');
  });

  test('is read-only from its start on', async () => {
    await lunAgent.stop(lun, context);
    await perform(lunAgent, 'start', { ...lun, readOnly: [hostA] });
    expect(await kernel.read(`${group}/acls/${hostA}/lun_7/write_protect`)).toBe('1');
  });

  test('somebody made writable is found and put right', async () => {
    const wanted = { ...lun, readOnly: [hostA] };
    await perform(lunAgent, 'reload', wanted);
    await kernel.write(`${group}/acls/${hostA}/lun_7/write_protect`, '0');
    const { state, drift } = await perform(lunAgent, 'monitor', wanted);
    expect([state, drift?.message]).toEqual(['running', expect.stringContaining(`writable by ${hostA}`)]);
    await perform(lunAgent, 'reload', wanted);
    expect((await perform(lunAgent, 'monitor', wanted)).drift).toBeUndefined();
  });

  test('of a LUN that is not exported, or for a host without access, fails and changes nothing', async () => {
    const before = kernel.changes;
    const stranger = { ...lun, initiators: [hostA, 'iqn.2026-11.com.example:stranger'] };
    expect(await lunAgent.reload?.(stranger, context)).toMatchObject({ ok: false });
    expect(await lunAgent.reload?.({ ...lun, lun: 'vm2', number: 8 }, context)).toMatchObject({ ok: false });
    expect(kernel.changes).toBe(before);
  });
});

describe('what somebody changed behind the back of a target', () => {
  test.each([
    ['everybody may log in', 'attrib/generate_node_acls', '1'],
    ['nobody has to prove anything', 'attrib/authentication', '0'],
    ['every write costs a round trip', 'param/InitialR2T', 'Yes'],
  ])('is found and put right by one write: %s', async (_, path, value) => {
    await perform(targetAgent, 'start', { ...target, ...chap });
    await kernel.write(`${group}/${path}`, value);
    const { state, drift } = await perform(targetAgent, 'monitor', { ...target, ...chap });
    expect([state, drift?.message]).toEqual(['running', expect.stringContaining(path)]);
    expect(await deedsOf(targetAgent, { ...target, ...chap })).toEqual([`write ${path}`]);
  });

  test('a portal and a host that went, and a stranger that came', async () => {
    await perform(targetAgent, 'start', target);
    await kernel.removeFolder(`${group}/np/10.77.3.100:3260`);
    await kernel.removeFolder(`${group}/acls/${hostB}`);
    await kernel.makeFolder(`${group}/acls/iqn.2026-11.com.example:stranger`);
    const { drift } = await perform(targetAgent, 'monitor', target);
    expect(drift?.message).toMatch(/without portal .*without access for .*host-b.*stranger/s);
    await perform(targetAgent, 'reload', target);
    expect(await kernel.folders(`${group}/acls`)).toEqual(expect.arrayContaining([hostA, hostB]));
    expect(await kernel.folders(`${group}/np`)).toEqual(['10.77.3.100:3260']);
  });

  test('a portal of IPv6 stands in brackets in the kernel, beside one of IPv4; it goes and comes like that one', async () => {
    const both = { ...target, portals: ['10.77.3.100', '2001:db8:5::10'] };
    await perform(targetAgent, 'start', target);
    expect((await perform(targetAgent, 'monitor', both)).drift?.message).toContain(
      'without portal [2001:db8:5::10]:3260',
    );
    expect(await deedsOf(targetAgent, both)).toEqual(['make np/[2001:db8:5::10]:3260']);
    expect((await perform(targetAgent, 'monitor', both)).drift).toBeUndefined();
    expect(await deedsOf(targetAgent, target)).toEqual(['remove np/[2001:db8:5::10]:3260']);
  });

  test('a target that somebody disabled has failed, and is not reloaded', async () => {
    await perform(targetAgent, 'start', target);
    await kernel.write(`${group}/enable`, '0');
    expect((await perform(targetAgent, 'monitor', target)).state).toBe('failed');
    expect(await targetAgent.reload?.(target, context)).toMatchObject({ ok: false });
  });
});

describe('a volume that was left suspended', () => {
  test('is drift, not a failure: a reload has it go on, and no session ends', async () => {
    await perform(targetAgent, 'start', target);
    await perform(lunAgent, 'start', lun);
    const file = join(sysfs, 'block/dm-1/dm/suspended');
    await writeFile(file, '1\n');
    expect(await perform(lunAgent, 'monitor', lun)).toMatchObject({
      state: 'running',
      drift: { code: 'configuration_drifted', message: 'LUN vm1 is on a suspended volume' },
    });
    const { length } = kernel.deeds;
    const dmsetup = contextWith(({ args }) => {
      if (args[0] === 'resume') writeFileSync(file, '0\n');
      return {};
    });
    expect(await lunAgent.reload?.(lun, dmsetup)).toMatchObject({ ok: true, value: { state: 'running' } });
    expect(dmsetup.calls.map(({ args }) => args[0])).toEqual(['clear', 'resume']);
    expect(kernel.deeds).toHaveLength(length);
    expect((await perform(lunAgent, 'monitor', lun)).drift).toBeUndefined();
  });
});
