import { beforeEach, expect, test } from 'vitest';
import { createRecords, type Records } from '../../../src/daemon/records.ts';
import { intentOf } from '../../../src/engine/index.ts';
import { milliseconds, type ClusterConfig, type Command, type Result } from '../../../src/model/index.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { digest } from '../../../src/platform/world.ts';
import type { Store } from '../../../src/ports/index.ts';
import { Random } from '../../simulation/random.ts';
import { beginning, changed, makeLun, snapshotOf } from '../platform/fixtures/changes.ts';
import { MemoryDisk } from '../platform/fixtures/memory-disk.ts';

const FOLDER = '/state/config';

let disk: MemoryDisk;
let store: Store;
let now: ClusterConfig;
let records: Records;
let told: [string, string | undefined][];

beforeEach(async () => {
  const random = new Random(1);
  disk = new MemoryDisk((low, high) => random.between(low, high));
  store = createFileStore(FOLDER, disk);
  await store.load();
  now = beginning();
  await store.replace(snapshotOf(now));
  records = createRecords({ store, digest, current: () => now, damage: undefined });
  told = [];
  records.health.start((key, failure) => told.push([key, failure?.code]));
});

async function make(command: Command): Promise<void> {
  const { config, entry } = changed(now, command);
  now = config;
  await store.append(entry);
}

const compact = (): Promise<Result<void>> => store.replace(snapshotOf(now));

function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

test('every revision is found, across compactions', async () => {
  const all = [now];
  for (let index = 1; index <= 12; index += 1) {
    await make(makeLun(`lun-${index}`));
    all.push(now);
    if (index % 4 === 0) await compact();
  }
  for (const config of all) expect(value(await records.find(config.revision))).toEqual(config);
  const { entries, more, damaged } = value(await records.history(undefined));
  expect(entries.map(({ revision }) => revision)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect([more, damaged]).toEqual([false, false]);
  const limited = value(await records.history(4));
  expect([limited.entries.length, limited.more]).toEqual([4, true]);
});

test('a damaged part of the history is left out, and told', async () => {
  for (const name of ['one', 'two']) await make(makeLun(name));
  await compact();
  for (const name of ['three', 'four']) await make(makeLun(name));
  const [part] = await disk.list(`${FOLDER}/history`);
  const path = `${FOLDER}/history/${part}`;
  const content = (await disk.read(path)) ?? Buffer.alloc(0);
  const at = content.indexOf('"name":"two"');
  content.writeUInt8(content.readUInt8(at + 8) ^ 1, at + 8);
  disk.put(path, content);

  const { entries, damaged } = value(await records.history(undefined));
  expect(damaged).toBe(true);
  expect(entries.filter(({ kind }) => kind === 'change').map(({ revision }) => revision)).toEqual([5, 4, 2]);
  expect(value(await records.find(2)).luns).toHaveProperty('one');
  // Revision 3 is the snapshot that follows.
  expect(value(await records.find(3)).luns).toHaveProperty('two');
});

test('the history is bounded', async () => {
  for (let index = 0; index < 70; index += 1) {
    await make({ kind: 'cluster.set', maintenance: index % 2 === 0 });
    await compact();
  }
  expect(await disk.list(`${FOLDER}/history`)).toHaveLength(64);
  const { entries } = value(await records.history(1000));
  expect(entries.at(-1)).toMatchObject({ what: 'older changes are not on this node' });
  expect(await records.find(2)).toMatchObject({ ok: false, failure: { code: 'revision_not_found' } });
});

test('no secret is shown, of whatever command', async () => {
  const past = now;
  await make({ kind: 'cluster.set', maintenance: true });
  await make({ kind: 'config.restore', revision: 1, intent: intentOf(past) });
  const shown = JSON.stringify([
    await records.show(undefined),
    await records.show(1),
    await records.history(undefined),
    await records.diff(1, undefined),
  ]);
  expect(shown).toContain('config.restore of revision 1');
  expect(shown).not.toContain('the secret of the pool');
  expect(shown).not.toContain('not a secret here');
});

test('what was lost is kept once, for root alone, and a bounded number of times', async () => {
  const loss = { reason: 'r', before: 3, after: 4, changes: [], differences: [] };
  await store.keepLoss({ ...loss, at: milliseconds(1) });
  // The same again, after a crash before the replace.
  await store.keepLoss({ ...loss, at: milliseconds(2) });
  expect(value(await records.losses())).toEqual([{ ...loss, at: 1 }]);
  for (let index = 0; index < 30; index += 1)
    await store.keepLoss({ ...loss, before: 10 + index, at: milliseconds(10 + index) });
  const kept = value(await records.losses());
  expect([kept.length, kept[0]?.before]).toEqual([20, 39]);
  expect(value(await records.clearLosses())).toEqual({ cleared: 20 });
  expect(told).toEqual([['configuration-lost', undefined]]);
  expect(value(await records.losses())).toEqual([]);
});
