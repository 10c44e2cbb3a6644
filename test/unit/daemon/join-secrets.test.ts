import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJoinSecrets } from '../../../src/daemon/join-secrets.ts';
import { milliseconds, success } from '../../../src/model/index.ts';
import { decodeJoinSecret } from '../../../src/platform/formation/join-secret.ts';
import { createRandom } from '../../../src/platform/world.ts';

const hour = 3600 * 1000;
let file: string;
let now: number;
let secrets: ReturnType<typeof createJoinSecrets>;

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'keelson-')), 'join-secret');
  now = 1_800_000_000_000;
  const clock = { now: () => milliseconds(now) };
  secrets = createJoinSecrets({ file, random: createRandom(), clock, fingerprint: 'ab'.repeat(32) });
});
afterEach(() => rmSync(join(file, '..'), { recursive: true }));

async function shown(scope?: string): Promise<string> {
  const text = await secrets.show(scope);
  const decoded = text.ok ? decodeJoinSecret(text.value) : text;
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value.secret;
}

test('a secret is shown again, admits, and only root may read it', async () => {
  const secret = await shown();
  now += 23 * hour;
  expect(await shown()).toBe(secret);
  expect(await secrets.accepts(secret)).toEqual(success(undefined));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('another secret does not admit, nor does any where none was made', async () => {
  expect(await secrets.accepts('')).toMatchObject({ failure: { code: 'join_secret_wrong' } });
  await shown();
  expect(await secrets.accepts('0'.repeat(32))).toMatchObject({ failure: { code: 'join_secret_wrong' } });
});

test('after a day it admits nobody, and another one is made', async () => {
  const old = await shown();
  now += 24 * hour;
  expect(await secrets.accepts(old)).toMatchObject({
    failure: { code: 'join_secret_wrong', message: expect.stringContaining('24 hours') as string },
  });
  const fresh = await shown();
  expect(fresh).not.toBe(old);
  expect(await secrets.accepts(old)).toMatchObject({ ok: false });
  expect(await secrets.accepts(fresh)).toEqual(success(undefined));
});

test('one without a time, or from the future, is not believed', async () => {
  writeFileSync(file, 'a'.repeat(32));
  expect(await secrets.accepts('a'.repeat(32))).toMatchObject({ ok: false });
  const secret = await shown();
  now -= hour;
  expect(await secrets.accepts(secret)).toMatchObject({ ok: false });
});

test('is of before a machine was replaced, or of that alone', async () => {
  const before = await shown();
  expect(await secrets.accepts(before, 'operation-1')).toMatchObject({
    failure: { code: 'join_secret_wrong' },
  });
  const own = await shown('operation-1');
  expect(own).not.toBe(before);
  expect(await shown('operation-1')).toBe(own);
  expect(await secrets.accepts(own, 'operation-1')).toEqual(success(undefined));
  for (const scope of ['', 'operation-2'])
    expect(await secrets.accepts(own, scope)).toMatchObject({ failure: { code: 'join_secret_wrong' } });
  expect(await secrets.accepts(before)).toMatchObject({ ok: false });
});
