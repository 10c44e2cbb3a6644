import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeIfDifferent, type Configfs } from '../../../agents/configfs/configfs.ts';
import { createKernelConfigfs } from '../../../agents/configfs/kernel-configfs.ts';

let root: string;
let configfs: Configfs;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'keelson-configfs-'));
  configfs = createKernelConfigfs(root);
});

afterEach(() => rm(root, { recursive: true }));

test('what is there already or gone already is no error', async () => {
  await configfs.makeFolder('core');
  await configfs.makeFolder('core');
  expect(await configfs.folders('.')).toEqual(['core']);
  await configfs.removeFolder('core');
  await configfs.removeFolder('core');
  await configfs.removeLink('nowhere/link');
  expect(await configfs.folders('core')).toBeUndefined();
  expect(await configfs.read('core/enable')).toBeUndefined();
});

test('a folder that is not empty is not removed', async () => {
  await mkdir(join(root, 'a/b'), { recursive: true });
  await expect(configfs.removeFolder('a')).rejects.toMatchObject({ code: 'ENOTEMPTY' });
});

test('links are told relative to the root, whether the kernel shows them relative or absolute', async () => {
  await mkdir(join(root, 'core/x'), { recursive: true });
  await mkdir(join(root, 'lun/lun_1'), { recursive: true });
  await configfs.makeLink('lun/lun_1/backstore', 'core/x');
  await symlink('../../core/x', join(root, 'lun/lun_1/relative'));
  expect(await configfs.links('lun/lun_1')).toEqual({ backstore: 'core/x', relative: 'core/x' });
  await configfs.removeLink('lun/lun_1/backstore');
  expect(Object.keys(await configfs.links('lun/lun_1'))).toEqual(['relative']);
});

test('an attribute is written exactly as given, and one that is not there is not made', async () => {
  await writeFile(join(root, 'enable'), '0\n');
  expect(await configfs.read('enable')).toBe('0');
  await configfs.write('enable', '1');
  expect(await readFile(join(root, 'enable'), 'utf8')).toBe('1\n');
  await expect(configfs.write('other', '1')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an attribute that has its value already is left alone', async () => {
  await writeFile(join(root, 'enable'), '1\n', { mode: 0o400 });
  const writes: string[] = [];
  const watching: Configfs = {
    ...configfs,
    write: (path, value) => Promise.resolve(void writes.push(path + value)),
  };
  await writeIfDifferent(watching, 'enable', '1');
  await writeIfDifferent(watching, 'enable', '0');
  expect(writes).toEqual(['enable0']);
});
