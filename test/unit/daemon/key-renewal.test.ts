import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renewKeys } from '../../../src/daemon/key-renewal.ts';
import { success } from '../../../src/model/index.ts';
import { digest } from '../../../src/platform/world.ts';

const keys = { authkey: 'ab'.repeat(128), token: 'cd'.repeat(32) };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp('/tmp/keelson-keys-');
  await writeFile(join(folder, 'authkey'), 'the old one');
  await writeFile(join(folder, 'token'), 'the old one');
});
afterEach(() => rm(folder, { recursive: true }));

/** Renews, with a Corosync that answers so; gives what was run, and what the key was by then. */
async function renewed(exitCode: number) {
  const runs: string[] = [];
  const result = await renewKeys(keys, {
    corosyncFolder: folder,
    etcFolder: folder,
    group: undefined,
    run: async (program, args) => {
      runs.push([program, ...args, await readFile(join(folder, 'authkey'), 'utf8')].join(' '));
      return success({ exitCode, stdout: '', stderr: exitCode === 0 ? '' : 'no Corosync here' });
    },
  });
  return { result, runs };
}

test('Corosync takes the new key while it runs, and the API takes no other token', async () => {
  const { result, runs } = await renewed(0);
  expect(result).toEqual(success(undefined));
  expect(runs).toEqual([`corosync-cfgtool -R ${keys.authkey}`]);
  expect((await stat(join(folder, 'authkey'))).mode & 0o777).toBe(0o400);
  expect((await readFile(join(folder, 'token'), 'utf8')).trim()).toBe(keys.token);
  expect((await stat(join(folder, 'token'))).mode & 0o777).toBe(0o600);
  expect((await readFile(join(folder, 'token.sha256'), 'utf8')).trim()).toBe(digest(keys.token));
});

test('while Corosync cannot be told, the token is the old one, and the failure names no secret; the next attempt completes it', async () => {
  const { result } = await renewed(1);
  expect(result).toMatchObject({ ok: false });
  expect(JSON.stringify(result)).not.toContain(keys.authkey);
  expect(await readFile(join(folder, 'token'), 'utf8')).toBe('the old one');
  expect((await renewed(0)).result).toEqual(success(undefined));
});
