import { describe, expect, test } from 'vitest';
import { canonical } from '../../../src/engine/index.ts';
import { restore } from '../../../src/daemon/restore.ts';
import type { ClusterConfig, Result } from '../../../src/model/index.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { digest } from '../../../src/platform/world.ts';
import type { Store } from '../../../src/ports/index.ts';
import { Random } from '../../simulation/random.ts';
import { beginning, changed, makeLun, snapshotOf } from './fixtures/changes.ts';
import { MemoryDisk } from './fixtures/memory-disk.ts';

const SEEDS = 60;
const FOLDER = '/state/config';

/** A node that changes its configuration, crashes in the middle, and starts again, as the daemon does. */
class Life {
  /** Every configuration that the store was given, in this order; the restored one must be one of the last. */
  readonly given: ClusterConfig[] = [];
  /** The newest that was acknowledged, as an index of `given`. */
  acknowledged = -1;
  readonly disk: MemoryDisk;
  private readonly random: Random;
  private store: Store;
  private made = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.disk = new MemoryDisk((low, high) => this.random.between(low, high));
    this.store = createFileStore(FOLDER, this.disk);
  }

  get now(): ClusterConfig {
    const config = this.given.at(-1);
    if (config === undefined) throw new Error('nothing was given yet');
    return config;
  }

  async form(): Promise<void> {
    await this.store.load();
    await this.give(beginning(), (config) => this.store.replace(snapshotOf(config)));
  }

  private async give(config: ClusterConfig, write: (config: ClusterConfig) => Promise<Result<void>>) {
    this.given.push(config);
    const index = this.given.length - 1;
    const result = await write(config);
    if (result.ok) this.acknowledged = Math.max(this.acknowledged, index);
  }

  /** Appends that wait together, compactions, and what other nodes decided; until the crash or the end. */
  async live(): Promise<void> {
    for (let turn = 0; turn < 12; turn += 1) {
      const batch = Array.from({ length: this.random.between(1, 4) }, () => this.append());
      if (this.random.chance(0.4))
        batch.push(this.give(this.now, (now) => this.store.replace(snapshotOf(now))));
      if (this.random.chance(0.2)) batch.push(this.takeOver());
      await Promise.all(batch);
    }
  }

  private append(): Promise<void> {
    this.made += 1;
    const { config, entry } = changed(this.now, makeLun(`lun-${this.made}`), this.now.generation);
    return this.give(config, () => this.store.append(entry));
  }

  /** Another line: earlier or later than this node's own. */
  private takeOver(): Promise<void> {
    const base = this.given[this.random.between(0, this.given.length - 1)] ?? this.now;
    this.made += 1;
    const generation = this.now.generation + this.random.between(0, 1);
    const { config } = changed(base, makeLun(`other-${this.made}`), generation);
    return this.give(config, () => this.store.replace(snapshotOf(config)));
  }

  /** What a start finds; then the copy is written, as at every start. */
  async start(): Promise<ReturnType<typeof restore>> {
    this.store = createFileStore(FOLDER, this.disk);
    const log = await this.store.load();
    if (!log.ok) throw new Error(log.failure.message);
    const restored = restore(log.value, digest);
    if (restored.kind === 'whole') await this.store.keep(snapshotOf(restored.config));
    return restored;
  }
}

/** What the process awaits when it ends is never told. */
const untilCrash = (life: Life): Promise<void> =>
  Promise.race([life.live(), new Promise<void>((resolve) => (life.disk.onCrash = resolve))]);

describe.each(['the power is lost', 'the process is killed'])('where %s at any operation', (how) => {
  test('nothing acknowledged is missing, nothing was made up, and no damage is seen', async () => {
    let crashes = 0;
    let inReplace = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const life = new Life(seed);
      await life.form();
      // One life after another on the same disk, each ended by a crash.
      for (let times = 1; times <= 4; times += 1) {
        life.disk.left = 1 + ((seed * 7 + times * 13) % 45);
        await untilCrash(life);
        crashes += 1;
        if (how === 'the power is lost') life.disk.losePower();
        else life.disk.killProcess();
        if ((await life.disk.look(`${FOLDER}/configuration.log.new`)) !== undefined) inReplace += 1;
        const restored = await life.start();
        if (restored.kind !== 'whole')
          throw new Error(`seed ${seed}: ${restored.kind} ${JSON.stringify(restored).slice(0, 300)}`);
        const text = canonical(restored.config);
        const found = life.given.findLastIndex((config) => canonical(config) === text);
        expect(
          found,
          `seed ${seed}: one that was given, and not before the acknowledged one`,
        ).toBeGreaterThanOrEqual(life.acknowledged);
        life.given.splice(found + 1);
        life.acknowledged = found;
      }
    }
    expect(crashes).toBe(4 * SEEDS);
    expect(inReplace, 'crashes in the middle of a replace').toBeGreaterThan(SEEDS / 10);
  }, 60_000);
});

test('a write that failed leaves no hole: what is acknowledged afterwards is there after a crash', async () => {
  let failures = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const life = new Life(seed);
    const random = new Random(seed, 1);
    await life.form();
    life.disk.isFull = () => {
      const full = random.chance(0.15);
      if (full) failures += 1;
      return full;
    };
    await life.live();
    life.disk.isFull = () => false;
    life.disk.losePower();
    const restored = await life.start();
    if (restored.kind !== 'whole' && restored.kind !== 'part')
      throw new Error(`seed ${seed}: ${restored.kind}`);
    const text = canonical(restored.config);
    const found = life.given.findLastIndex((config) => canonical(config) === text);
    expect(found, `seed ${seed}`).toBeGreaterThanOrEqual(life.acknowledged);
  }
  expect(failures).toBeGreaterThan(SEEDS);
}, 60_000);
