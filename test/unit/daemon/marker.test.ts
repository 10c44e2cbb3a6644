import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMarker, readMarker } from '../../../src/daemon/marker.ts';
import { recordingLog } from '../platform/fixtures/log.ts';

const left = { generation: 7, knownOff: { ring: 0, nodes: [] } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('is there exactly while there is something to leave', () => {
  const path = join(folder, 'synchronised');
  const marker = createMarker(path, 'boot-1', recordingLog());
  marker.follow(left);
  expect(readFileSync(path, 'utf8')).toMatch(/^boot-1\n/);
  marker.follow(undefined);
  expect(existsSync(path)).toBe(false);
  marker.follow(left);
  expect(existsSync(path)).toBe(true);
  // What an engine before this one left goes with the first step that says so.
  createMarker(path, 'boot-1', recordingLog()).follow(undefined);
  expect(existsSync(path)).toBe(false);
});

test('that could not be written is tried again at the next step, and told once', () => {
  const path = join(folder, 'later/synchronised');
  const log = recordingLog();
  const marker = createMarker(path, 'boot-1', log);
  marker.follow(left);
  marker.follow(left);
  expect(log.lines).toHaveLength(1);
  mkdirSync(join(folder, 'later'));
  marker.follow(left);
  expect(existsSync(path)).toBe(true);
});

test('tells the next engine of the same boot, and one of another boot nothing', () => {
  const path = join(folder, 'synchronised');
  const marker = createMarker(path, 'boot-1', recordingLog());
  const off = { generation: 8, knownOff: { ring: 24, nodes: ['alpha'] } };
  marker.follow(left);
  marker.follow(off);
  expect(readMarker(readFileSync(path, 'utf8'), 'boot-1')).toEqual(off);
  expect(readMarker(readFileSync(path, 'utf8'), 'boot-2')).toBeUndefined();
  expect(readMarker('', 'boot-1')).toBeUndefined();
});

test.each([
  'boot-1',
  'boot-1\n',
  'boot-1\n{"ring":',
  'boot-1\nnull',
  'boot-1\n{"generation":7}',
  'boot-1\n{"generation":7,"knownOff":{"ring":"24","nodes":["alpha"]}}',
])('one that cannot be understood does not let it act alone: %j', (text) => {
  expect(readMarker(text, 'boot-1')).toBeUndefined();
});
