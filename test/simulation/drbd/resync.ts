import { copyImage } from '../image.ts';
import type { Appointment } from '../time.ts';
import type { Pair } from './pair.ts';
import type { Replica } from './replica.ts';

/** One side's data is copied to the other, which is of no use until that has ended. */
export class Resync {
  private readonly pair: Pair;
  private ending: Appointment | undefined;

  constructor(pair: Pair) {
    this.pair = pair;
  }

  start(source: Replica, target: Replica): void {
    const { pair } = this;
    if (source.kernel === undefined || target.kernel === undefined) return;
    source.kernel.connection = 'SyncSource';
    target.kernel.connection = 'SyncTarget';
    target.kernel.crashedPrimary = false;
    pair.setDisk(source, 'UpToDate');
    pair.setDisk(target, 'Inconsistent');
    pair.tell(source, 'is the source of a resync');
    source.changed();
    target.changed();
    this.stop();
    // Mixed from now on: some blocks are new, others old.
    for (const [block, number] of source.image.blocks)
      if (pair.random.chance(0.5)) target.image.blocks.set(block, number);
    this.endAfter(pair.random.between(1000, 20_000), source, target);
  }

  private endAfter(delay: number, source: Replica, target: Replica): void {
    this.ending = this.pair.time.after(delay, () => {
      this.ending = undefined;
      if (this.pair.isWhole) this.end(source, target);
      else this.endAfter(500, source, target);
    });
  }

  private end(source: Replica, target: Replica): void {
    if (source.kernel === undefined || target.kernel === undefined) return;
    if (source.metaData === undefined || target.metaData === undefined) return;
    target.image = copyImage(source.image);
    source.metaData.history.push(source.metaData.bitmap);
    source.metaData.bitmap = '';
    target.metaData.current = source.metaData.current;
    target.metaData.bitmap = '';
    target.metaData.history.splice(0, Infinity, ...source.metaData.history);
    source.kernel.connection = 'Connected';
    target.kernel.connection = 'Connected';
    this.pair.setDisk(target, 'UpToDate');
    this.pair.tell(target, 'resync done');
    source.changed();
  }

  stop(): void {
    this.ending?.cancel();
    this.ending = undefined;
  }
}
