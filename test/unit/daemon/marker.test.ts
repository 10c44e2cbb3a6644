import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMarker } from '../../../src/daemon/marker.ts';
import { recordingLog } from '../platform/fixtures/log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('is there exactly while the engine may act alone', () => {
  const path = join(folder, 'synchronised');
  const marker = createMarker(path, 'boot-1', recordingLog());
  marker.follow(true);
  expect(readFileSync(path, 'utf8')).toBe('boot-1');
  marker.follow(false);
  expect(existsSync(path)).toBe(false);
  marker.follow(true);
  expect(existsSync(path)).toBe(true);
  // What an engine before this one left goes with the first step that says so.
  createMarker(path, 'boot-1', recordingLog()).follow(false);
  expect(existsSync(path)).toBe(false);
});

test('that could not be written is tried again at the next step, and told once', () => {
  const path = join(folder, 'later/synchronised');
  const log = recordingLog();
  const marker = createMarker(path, 'boot-1', log);
  marker.follow(true);
  marker.follow(true);
  expect(log.lines).toHaveLength(1);
  mkdirSync(join(folder, 'later'));
  marker.follow(true);
  expect(existsSync(path)).toBe(true);
});
