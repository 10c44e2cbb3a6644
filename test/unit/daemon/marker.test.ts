import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMarker, readMarker } from '../../../src/daemon/marker.ts';
import { recordingLog } from '../platform/fixtures/log.ts';

const nobody = { ring: 0, nodes: [] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('is there exactly while the engine may act alone', () => {
  const path = join(folder, 'synchronised');
  const marker = createMarker(path, 'boot-1', recordingLog());
  marker.follow(true, nobody);
  expect(readFileSync(path, 'utf8')).toMatch(/^boot-1\n/);
  marker.follow(false, nobody);
  expect(existsSync(path)).toBe(false);
  marker.follow(true, nobody);
  expect(existsSync(path)).toBe(true);
  // What an engine before this one left goes with the first step that says so.
  createMarker(path, 'boot-1', recordingLog()).follow(false, nobody);
  expect(existsSync(path)).toBe(false);
});

test('that could not be written is tried again at the next step, and told once', () => {
  const path = join(folder, 'later/synchronised');
  const log = recordingLog();
  const marker = createMarker(path, 'boot-1', log);
  marker.follow(true, nobody);
  marker.follow(true, nobody);
  expect(log.lines).toHaveLength(1);
  mkdirSync(join(folder, 'later'));
  marker.follow(true, nobody);
  expect(existsSync(path)).toBe(true);
});

test('tells the next engine of the same boot who is off, and one of another boot nothing', () => {
  const path = join(folder, 'synchronised');
  const marker = createMarker(path, 'boot-1', recordingLog());
  const off = { ring: 24, nodes: ['alpha'] };
  marker.follow(true, nobody);
  marker.follow(true, off);
  expect(readMarker(readFileSync(path, 'utf8'), 'boot-1')).toEqual(off);
  expect(readMarker(readFileSync(path, 'utf8'), 'boot-2')).toBeUndefined();
  expect(readMarker('', 'boot-1')).toBeUndefined();
});

test.each([
  'boot-1',
  'boot-1\n',
  'boot-1\n{"ring":',
  'boot-1\nnull',
  'boot-1\n{"ring":"24","nodes":["alpha"]}',
])('one that was cut short lets it act, and tells of nobody: %j', (text) => {
  expect(readMarker(text, 'boot-1')).toEqual(nobody);
});
