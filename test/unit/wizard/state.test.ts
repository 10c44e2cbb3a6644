import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { success } from '../../../src/model/index.ts';
import { noState, StateFile } from '../../../src/wizard/state.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
  path = join(folder, 'setup.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const begun = { ...noState, joinCode: 'code', replies: { 'board-password-san-a': 'secret' } };

test('what was answered is there for the next attempt, and for nobody but its owner', async () => {
  await new StateFile(path).write(begun);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await new StateFile(path).read()).toEqual(success(begun));
});

test('an attempt that ended in the middle of writing has left the state before', async () => {
  const file = new StateFile(path);
  await file.write(begun);
  writeFileSync(`${path}.new`, '{"format":1,"repl', { mode: 0o600 });
  expect(await file.read()).toEqual(success(begun));
  await file.write({ ...begun, memory: { moves: 1 } });
  expect(readdirSync(folder)).toEqual(['setup.json']);
  expect(readFileSync(path, 'utf8')).toContain('"moves": 1');
});

test('a file that is no state is told as such, and is not written over', async () => {
  writeFileSync(path, 'not JSON');
  expect(await new StateFile(path).read()).toMatchObject({ failure: { code: 'answers_invalid' } });
  writeFileSync(path, '{"format":2}');
  expect(await new StateFile(path).read()).toMatchObject({ failure: { code: 'answers_invalid' } });
  expect(readFileSync(path, 'utf8')).toBe('{"format":2}');
});

test('two set-ups at once: the second one is kept out until the first one ends', async () => {
  const first = await new StateFile(path).lock();
  expect(await new StateFile(path).lock()).toMatchObject({ failure: { code: 'setup_running' } });
  expect(await new StateFile(join(folder, 'other.json')).lock()).toMatchObject({ ok: true });
  if (first.ok) first.value();
  await expect.poll(async () => (await new StateFile(path).lock()).ok).toBe(true);
});
