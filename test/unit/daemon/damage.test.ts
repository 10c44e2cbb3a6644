import { beforeEach, describe, expect, test } from 'vitest';
import { whoIsThis, type Identity } from '../../../src/daemon/identity.ts';
import { canonical } from '../../../src/engine/index.ts';
import type { ClusterConfig } from '../../../src/model/index.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { digest } from '../../../src/platform/world.ts';
import type { Store } from '../../../src/ports/index.ts';
import { Random } from '../../simulation/random.ts';
import { beginning, changed, makeLun, snapshotOf } from '../platform/fixtures/changes.ts';
import { MemoryDisk } from '../platform/fixtures/memory-disk.ts';

const FOLDER = '/state/config';
const LOG = `${FOLDER}/configuration.log`;
const COPY = `${FOLDER}/configuration.copy`;

let disk: MemoryDisk;
let store: Store;
/** By revision, what this node once had. */
let known: Map<number, ClusterConfig>;
let now: ClusterConfig;

const append = async (name: string): Promise<void> => {
  const { config, entry } = changed(now, makeLun(name));
  now = config;
  known.set(now.revision, now);
  expect(await store.append(entry)).toMatchObject({ ok: true });
};

/** A log of a snapshot and three entries, with a copy of the snapshot beside it. */
beforeEach(async () => {
  const random = new Random(1);
  disk = new MemoryDisk((low, high) => random.between(low, high));
  store = createFileStore(FOLDER, disk);
  await store.load();
  now = beginning();
  known = new Map([[now.revision, now]]);
  await store.replace(snapshotOf(now));
  for (const name of ['one', 'two', 'three']) await append(name);
});

const wake = async (name = 'alpha'): Promise<Identity> =>
  whoIsThis(await createFileStore(FOLDER, disk).load(), name, name, digest);

const contentOf = async (path: string): Promise<Buffer> => (await disk.read(path)) ?? Buffer.alloc(0);

async function flip(path: string, at: number, bit: number): Promise<void> {
  const content = await contentOf(path);
  content.writeUInt8(content.readUInt8(at) ^ (1 << bit), at);
  disk.put(path, content);
}

const text = (config: ClusterConfig | undefined): string => canonical(config);

describe('one flipped bit', () => {
  test('at every byte of the log leaves an identity, is reported, and never gives a configuration that never was', async () => {
    const whole = await contentOf(LOG);
    const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at);
    const lastBegins = (ends.at(-2) ?? 0) + 1;
    for (let at = 0; at < whole.length; at += 1) {
      // Every bit where the format, a length or a checksum stands.
      const inRecord = at - (ends.findLast((end) => end < at) ?? -1) - 1;
      for (const bit of inRecord < 20 ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]) {
        await flip(LOG, at, bit);
        const identity = await wake();
        if (identity.kind !== 'member') throw new Error(`byte ${at}: ${JSON.stringify(identity)}`);
        expect(text(identity.config), `byte ${at}`).toBe(text(known.get(identity.config.revision)));
        expect(identity.damage, `byte ${at} is reported`).toMatchObject({ code: 'store_damaged' });
        // The snapshot is beside the log, so that only what stands behind a damaged entry may be missing.
        if (at < (ends[1] ?? 0)) expect(identity.config.revision, `byte ${at}`).toBe(now.revision);
        if (at >= lastBegins)
          expect(identity.config.revision, `byte ${at}`).toBeGreaterThanOrEqual(now.revision - 1);
        disk.put(LOG, whole);
      }
    }
    expect(await wake()).toMatchObject({ kind: 'member', damage: undefined });
  }, 60_000);

  test('at every byte of the copy changes nothing: the log is whole', async () => {
    const whole = await contentOf(COPY);
    for (let at = 0; at < whole.length; at += 1) {
      await flip(COPY, at, at % 8);
      const identity = await wake();
      if (identity.kind !== 'member') throw new Error(`byte ${at}: ${identity.kind}`);
      expect(identity.damage).toBeUndefined();
      expect(text(identity.config)).toBe(text(now));
      disk.put(COPY, whole);
    }
  }, 60_000);

  test('in the log and in the copy leaves what the history ends with', async () => {
    await store.replace(snapshotOf(now));
    await append('four');
    await flip(LOG, 100, 3);
    await flip(COPY, 100, 3);
    const identity = await wake();
    // The old log holds the snapshot's revision, and the new entry follows from it.
    expect(identity).toMatchObject({ kind: 'member', damage: { code: 'store_damaged' } });
    if (identity.kind === 'member') expect(text(identity.config)).toBe(text(now));
  });
});

describe('a log that is not what it should be', () => {
  test('from another cluster is refused with its name, not obeyed', async () => {
    const other = beginning('d'.repeat(32));
    const elsewhere = createFileStore('/other', disk);
    await elsewhere.load();
    await elsewhere.replace(snapshotOf(other));
    disk.put(LOG, await contentOf('/other/configuration.log'));
    expect(await wake()).toMatchObject({
      kind: 'damaged',
      failure: { code: 'store_foreign', message: expect.stringMatching(/dddddddd.*cccccccc/) as string },
    });
  });

  test('of a cluster that has no such node is refused', async () => {
    expect(await wake('gamma')).toMatchObject({ kind: 'damaged', failure: { code: 'store_foreign' } });
  });

  test('of a later format is refused, and says which', async () => {
    const later = { ...now, format: 2 } as unknown as ClusterConfig;
    await store.replace(snapshotOf(later));
    expect(await wake()).toMatchObject({
      kind: 'damaged',
      failure: { code: 'store_newer', message: expect.stringContaining('format 2') as string },
    });
  });

  test('whose revisions jump back is used up to there', async () => {
    const { entry } = changed(beginning(), makeLun('again'));
    await store.append(entry);
    const identity = await wake();
    expect(identity).toMatchObject({
      kind: 'member',
      damage: { message: expect.stringContaining('jumps back behind') as string },
    });
    if (identity.kind === 'member') expect(text(identity.config)).toBe(text(now));
  });

  test('that was taken back as a whole is told apart by the copy beside it', async () => {
    const before = await contentOf(LOG);
    await append('four');
    await store.keep(snapshotOf(now));
    disk.put(LOG, before);
    const identity = await wake();
    expect(identity).toMatchObject({
      kind: 'member',
      damage: { message: expect.stringContaining('goes back to revision 4') as string },
    });
    if (identity.kind === 'member') expect(text(identity.config)).toBe(text(now));
  });

  test('that is gone is restored from the copy', async () => {
    await disk.remove(LOG);
    const identity = await wake();
    expect(identity).toMatchObject({
      kind: 'member',
      damage: { message: expect.stringContaining('not on the disk any more') as string },
    });
    if (identity.kind === 'member') expect(identity.config.revision).toBe(1);
  });

  test('of which nothing can be read, nor of what is beside it, starts no engine', async () => {
    disk.put(LOG, Buffer.from('rubbish\n'));
    disk.put(COPY, Buffer.from('rubbish\n'));
    expect(await wake()).toMatchObject({ kind: 'damaged', failure: { code: 'store_damaged' } });
  });

  test('that holds another command than any we know is used up to there', async () => {
    const entry = {
      id: 'x',
      at: 0,
      generation: 0,
      by: 'api',
      command: { kind: 'pool.explode', name: 'main' },
    };
    await store.append({ revision: now.revision + 1, hash: 'h', entry } as never);
    expect(await wake()).toMatchObject({
      kind: 'member',
      config: { revision: now.revision },
      damage: { message: expect.stringContaining('does not follow') as string },
    });
  });
});
