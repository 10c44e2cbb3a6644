import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { milliseconds } from '../../../src/model/index.ts';
import type { Result } from '../../../src/model/index.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { readLog } from '../../../src/platform/store/read-log.ts';
import type { Snapshot, StoredEntry, StoredLog } from '../../../src/ports/index.ts';

let base: string;
let folder: string;
let path: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'keelson-store-'));
  folder = join(base, 'state');
  path = join(folder, 'configuration.log');
});
afterEach(() => rm(base, { recursive: true, force: true }));

const entry = (revision: number, name = `lun-${revision}`): StoredEntry => ({
  revision,
  hash: `hash-${revision}`,
  entry: {
    id: `entry-${revision}`,
    at: milliseconds(1_700_000_000_000 + revision),
    generation: 1,
    by: 'api',
    command: { kind: 'lun.created', name },
  },
});
const snapshot: Snapshot = { revision: 10, hash: 'hash-10', config: '{"name":"Zürich\\n"}' };

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

/** What a log without damage gives, where nothing else is told. */
const whole = (parts: Partial<StoredLog>): StoredLog => ({
  snapshot: undefined,
  entries: [],
  damage: undefined,
  beyond: [],
  copy: undefined,
  replacing: false,
  earlier: [],
  ...parts,
});

const load = async (): Promise<StoredLog> => value(await createFileStore(folder).load());

/** Writes a log of a snapshot and five entries; gives the bytes and where each record ends. */
async function writeLog(): Promise<{ bytes: Buffer; ends: number[] }> {
  const store = createFileStore(folder);
  value(await store.replace(snapshot));
  const ends = [(await stat(path)).size];
  for (let revision = 11; revision <= 15; revision += 1) {
    value(await store.append(entry(revision)));
    ends.push((await stat(path)).size);
  }
  return { bytes: await readFile(path), ends };
}

describe('a store', () => {
  test('is empty where nothing was written, and loading writes nothing', async () => {
    expect(await load()).toEqual(whole({}));
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });

  test('gives back what was appended, to a later store too', async () => {
    const store = createFileStore(folder);
    await store.load();
    value(await store.append(entry(1)));
    value(await store.append(entry(2, 'Umlaute-äöü-\u2028')));
    const expected = [entry(1), entry(2, 'Umlaute-äöü-\u2028')];
    expect((await load()).entries).toEqual(expected);

    const later = createFileStore(folder);
    await later.load();
    value(await later.append(entry(3)));
    expect(await load()).toMatchObject({ entries: [...expected, entry(3)], damage: undefined });
  });

  test('keeps the order of appends that are asked for together, with few flushes', async () => {
    const store = createFileStore(folder);
    await store.load();
    const revisions = Array.from({ length: 500 }, (_, index) => index + 1);
    const results = await Promise.all(revisions.map((revision) => store.append(entry(revision))));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect((await load()).entries.map(({ revision }) => revision)).toEqual(revisions);
  });

  test('has only the snapshot and what came after it', async () => {
    const store = createFileStore(folder);
    await store.load();
    const results = await Promise.all([
      store.append(entry(1)),
      store.append(entry(2)),
      store.replace(snapshot),
      store.append(entry(11)),
    ]);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(await load()).toEqual(whole({ snapshot, entries: [entry(11)], copy: snapshot }));
  });

  test('is readable by its owner only, whatever was there before', async () => {
    await writeLog();
    await chmod(folder, 0o755);
    await chmod(path, 0o644);
    const store = createFileStore(folder);
    await store.load();
    value(await store.append(entry(16)));
    value(await store.replace(snapshot));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('must be loaded before it is appended to', () => {
    expect(() => createFileStore(folder).append(entry(1))).toThrow('loaded');
  });

  test('says so where the disk cannot be written', async () => {
    await writeFile(folder, 'a file where the folder should be');
    const store = createFileStore(folder);
    expect(await store.load()).toMatchObject({ ok: false, failure: { code: 'store_failed' } });
    expect(await store.replace(snapshot)).toMatchObject({ ok: false, failure: { code: 'store_failed' } });
  });
});

describe('after a loss of power', () => {
  test('at any byte of the log, exactly the whole records are there, and appending goes on', async () => {
    const { bytes, ends } = await writeLog();
    const header = bytes.indexOf('\n') + 1;
    const boundaries = [header, ...ends];
    for (let size = 0; size <= bytes.length; size += 1) {
      await writeFile(path, bytes.subarray(0, size));
      const store = createFileStore(folder);
      const log = value(await store.load());
      const whole = ends.filter((end) => end <= size).length;
      expect(log.snapshot, `cut at ${size}`).toEqual(whole > 0 ? snapshot : undefined);
      expect(log.entries.map(({ revision }) => revision)).toEqual(
        [11, 12, 13, 14, 15].slice(0, Math.max(0, whole - 1)),
      );
      expect(log.damage?.kind, `cut at ${size}`).toBe(boundaries.includes(size) ? undefined : 'torn');
      if (size % 7 !== 0) continue;
      value(await store.append(entry(99)));
      const after = await load();
      expect(after.snapshot).toEqual(log.snapshot);
      expect(after.entries).toEqual([...log.entries, entry(99)]);
      expect(after.damage).toBeUndefined();
    }
    expect(await readdir(folder)).toEqual(['configuration.copy', 'configuration.log']);
  });

  test('that left zeros where the last record was to be, the others are there', async () => {
    const { bytes, ends } = await writeLog();
    const torn = Buffer.from(bytes);
    torn.fill(0, ends[4]);
    await writeFile(path, torn);
    const log = await load();
    expect(log.entries).toHaveLength(4);
    expect(log.damage).toMatchObject({
      kind: 'torn',
      message: expect.stringContaining('incomplete') as string,
    });
  });

  test('in the middle of a replace, the old log is there', async () => {
    const { bytes } = await writeLog();
    await writeFile(`${path}.new`, bytes.subarray(0, 40));
    const log = await load();
    expect(log.entries).toHaveLength(5);
    expect(log.damage).toBeUndefined();
    const store = createFileStore(folder);
    await store.load();
    value(await store.replace(snapshot));
    expect(await readdir(folder)).toEqual(['configuration.copy', 'configuration.log', 'history']);
  });
});

describe('a flipped bit', () => {
  test('anywhere in the log never gives a record that was not written', async () => {
    const { bytes, ends } = await writeLog();
    const header = bytes.indexOf('\n') + 1;
    for (let at = header; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
      const log = value(readLog(flipped));
      const wholes = ends.filter((end) => end <= at).length;
      expect(log.snapshot, `flipped at ${at}`).toEqual(wholes > 0 ? snapshot : undefined);
      expect(log.entries).toEqual(
        [11, 12, 13, 14, 15].slice(0, Math.max(0, wholes - 1)).map((each) => entry(each)),
      );
      // Never taken for what a loss of power leaves: it may have been acknowledged.
      expect(log.damage?.kind, `flipped at ${at}`).toBe('damaged');
      // Where only its line break is damaged, the entry itself is still there.
      const lost = ends.includes(at + 1) ? Math.max(0, wholes - 1) : wholes;
      expect(log.beyond, `flipped at ${at}`).toEqual(
        [11, 12, 13, 14, 15].slice(lost).map((each) => entry(each)),
      );
    }
  });

  test('in the middle is told apart from a torn tail, and the damaged file is kept', async () => {
    const { bytes, ends } = await writeLog();
    const at = (ends[1] ?? 0) + 30;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
    await writeFile(path, bytes);
    const store = createFileStore(folder);
    const log = value(await store.load());
    expect(log.entries).toEqual([entry(11)]);
    expect(log.beyond).toEqual([entry(13), entry(14), entry(15)]);
    expect(log.damage).toMatchObject({ kind: 'damaged' });
    expect(value(await store.load()).damage).toEqual(log.damage);

    value(await store.append(entry(12, 'again')));
    expect(await readFile(`${path}.damaged`)).toEqual(bytes);
    expect(await load()).toMatchObject({
      snapshot,
      entries: [entry(11), entry(12, 'again')],
      damage: undefined,
    });
  });

  test('in the header spoils no record, and the file is kept when the peer’s configuration replaces it', async () => {
    const { bytes } = await writeLog();
    bytes.writeUInt8(bytes.readUInt8(3) ^ 1, 3);
    await writeFile(path, bytes);
    const store = createFileStore(folder);
    const log = value(await store.load());
    expect(log.entries).toHaveLength(5);
    expect(log.damage).toEqual({ kind: 'damaged', message: 'the header is damaged' });
    value(await store.replace(snapshot));
    expect(await readFile(`${path}.damaged`)).toEqual(bytes);
    expect(await load()).toEqual(whole({ snapshot, copy: snapshot }));
  });
});

test('a log of a newer format is neither read nor touched', async () => {
  const { bytes } = await writeLog();
  // A newer Keelson writes the copy in its format first.
  await writeFile(join(folder, 'configuration.copy'), 'keelson-store 2\n');
  const newer = Buffer.concat([Buffer.from('keelson-store 2\n'), bytes.subarray(bytes.indexOf('\n') + 1)]);
  await writeFile(path, newer);
  expect(await createFileStore(folder).load()).toMatchObject({
    ok: false,
    failure: { code: 'store_newer' },
  });
  expect(await readFile(path)).toEqual(newer);
});
