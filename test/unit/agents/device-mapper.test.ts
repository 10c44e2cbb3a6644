import { mkdtemp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDeviceMapper } from '../../../agents/device-mapper/device-mapper.ts';
import { isOfGroup, mappedName } from '../../../agents/device-mapper/names.ts';

let sysfs: string;

async function addDevice(minor: number, name: string): Promise<void> {
  const folder = join(sysfs, 'block', `dm-${minor}`);
  await mkdir(join(folder, 'dm'), { recursive: true });
  await mkdir(join(folder, 'slaves/drbd0'), { recursive: true });
  await writeFile(join(folder, 'dm/name'), `${name}\n`);
  await writeFile(join(folder, 'dm/uuid'), 'LVM-x\n');
  await writeFile(join(folder, 'dm/suspended'), minor === 3 ? '1\n' : '0\n');
  await writeFile(join(folder, 'dev'), `253:${minor}\n`);
  await writeFile(join(folder, 'size'), '8192\n');
}

beforeEach(async () => {
  sysfs = await mkdtemp(join(tmpdir(), 'keelson-sysfs-'));
  await mkdir(join(sysfs, 'block/vda'), { recursive: true });
  await addDevice(3, 'vg-one');
});

afterEach(() => rm(sysfs, { recursive: true }));

test('a device is found with what the kernel tells of it', async () => {
  expect(await createDeviceMapper(sysfs).find('vg-one')).toEqual({
    kernelName: 'dm-3',
    name: 'vg-one',
    uuid: 'LVM-x',
    number: '253:3',
    suspended: true,
    size: 4194304,
    discards: false,
    below: ['drbd0'],
  });
});

test('a device that came later, or has another number now, is found as it is now', async () => {
  const mapper = createDeviceMapper(sysfs);
  expect(await mapper.find('vg-two')).toBeUndefined();
  await addDevice(4, 'vg-two');
  expect((await mapper.find('vg-two'))?.kernelName).toBe('dm-4');
  await rename(join(sysfs, 'block/dm-4'), join(sysfs, 'block/dm-9'));
  expect((await mapper.find('vg-two'))?.kernelName).toBe('dm-9');
  await rm(join(sysfs, 'block/dm-9'), { recursive: true });
  expect(await mapper.find('vg-two')).toBeUndefined();
});

test('many who ask at once all get their device', async () => {
  for (let minor = 10; minor < 60; minor += 1) await addDevice(minor, `vg-${minor}`);
  const mapper = createDeviceMapper(sysfs);
  const names = Array.from({ length: 50 }, (_, index) => `vg-${index + 10}`);
  const found = await Promise.all(names.map((name) => mapper.find(name)));
  expect(found.map((device) => device?.name)).toEqual(names);
});

test('no device mapper at all is no error', async () => {
  const mapper = createDeviceMapper(join(sysfs, 'nowhere'));
  expect(await mapper.all()).toEqual([]);
  expect(await mapper.find('vg-one')).toBeUndefined();
});

test('names are mangled as LVM does, and a group never takes another for its own', () => {
  expect(mappedName('keelson-tank', 'lun-1')).toBe('keelson--tank-lun--1');
  const uuid = 'LVM-x';
  expect(isOfGroup('keelson', { name: 'keelson-lun', uuid })).toBe(true);
  expect(isOfGroup('keelson', { name: 'keelson--tank-lun', uuid })).toBe(false);
  expect(isOfGroup('keelson', { name: 'keelson-lun', uuid: 'mpath-x' })).toBe(false);
});
