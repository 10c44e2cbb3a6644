import type { StoredEntry } from '../../src/ports/index.ts';
import { apply, canonical, markOf, type Stored } from '../../src/engine/index.ts';
import { failure, type ClusterConfig, type Failure } from '../../src/model/index.ts';
import type { Random } from './random.ts';
import type { Time } from './time.ts';
import { Violation } from './violation.ts';

type Write =
  | { readonly kind: 'append'; readonly entry: StoredEntry }
  | { readonly kind: 'replace'; readonly revision: number; readonly hash: string; readonly config: string };

interface Asked {
  readonly write: Write;
  readonly flushed: (failure: Failure | undefined) => void;
}

/** How many earlier configurations may come up again when the log is damaged. */
const KEPT = 12;
/** Marks that tell where configurations part, as production keeps them. */
const MARKS = 500;

/**
 * The configuration's log on one machine's disk. What was not flushed when the writer or the power went is there in
 * whole, in part, or not at all; a part is cut off by the next start. The disk may be slow, full, failing, or forget.
 */
export class LogStore {
  slow = false;
  /** It takes nothing more; what it holds is safe. */
  full = false;
  /** It says that it could not write; nobody knows what it did. */
  failing = false;
  /** For whoever judges what becomes of it. */
  changed: (before: ClusterConfig, after: ClusterConfig) => void = () => undefined;
  /** After a failed write nothing can be added until the file was written anew. */
  private untrusted = false;
  /** What a failed write may have left on the disk all the same. */
  private left: Write | undefined;
  private durable: ClusterConfig;
  private earlier: ClusterConfig[] = [];
  private marks: readonly Stored[];
  private damaged: Failure | undefined;
  private readonly time: Time;
  private readonly random: Random;
  private readonly digest: (text: string) => string;
  private queue: Asked[] = [];
  private busy: readonly Asked[] = [];
  private life = 0;

  constructor(initial: ClusterConfig, time: Time, random: Random, digest: (text: string) => string) {
    this.durable = initial;
    this.time = time;
    this.random = random;
    this.digest = digest;
    this.marks = [this.markOf(initial)];
  }

  /** What a start of the engine finds. */
  get config(): ClusterConfig {
    return this.durable;
  }

  /** Set where the configuration is only the newest that could be read. */
  get damage(): Failure | undefined {
    return this.damaged;
  }

  /** The revisions that led to it; undefined where that cannot be told. */
  get trail(): readonly Stored[] | undefined {
    return this.damaged === undefined ? this.marks : undefined;
  }

  write(write: Write, flushed: (failure: Failure | undefined) => void): void {
    this.queue.push({ write, flushed });
    this.work();
  }

  /** Appends that came meanwhile go out together; a replacement goes alone. */
  private takeBatch(): readonly Asked[] {
    const until = this.queue.findIndex(({ write }) => write.kind === 'replace');
    return this.queue.splice(0, until < 0 ? this.queue.length : Math.max(1, until));
  }

  private work(): void {
    if (this.busy.length > 0 || this.queue.length === 0) return;
    this.busy = this.takeBatch();
    const { life, busy } = this;
    const delay = this.slow ? this.random.between(200, 3000) : this.random.between(1, 12);
    this.time.after(delay, () => {
      if (life !== this.life) return;
      this.busy = [];
      const refusal = this.refusal(busy);
      if (refusal === undefined) for (const { write } of busy) this.flush(write);
      for (const { flushed } of busy) flushed(refusal);
      this.work();
    });
  }

  private refusal(batch: readonly Asked[]): Failure | undefined {
    const [first] = batch;
    if (this.failing || this.full) this.untrusted = true;
    if (this.failing) {
      if (this.left === undefined && this.random.chance(0.5)) this.left = first?.write;
      return failure('store_failed', 'input/output error');
    }
    if (this.full) return failure('store_failed', 'no space left on device');
    if (this.untrusted && first?.write.kind === 'append')
      return failure('store_failed', 'an earlier write failed; the log must be replaced as a whole');
    return undefined;
  }

  private flush(write: Write): void {
    const before = this.durable;
    const after = this.carryOut(write);
    this.earlier = [...this.earlier, before].slice(-KEPT);
    this.durable = after;
    const mark = this.markOf(after);
    this.marks = write.kind === 'replace' ? [mark] : [...this.marks, mark].slice(-MARKS);
    if (write.kind === 'replace') {
      this.untrusted = false;
      this.damaged = undefined;
    }
    this.left = undefined;
    this.changed(before, after);
  }

  private carryOut(write: Write): ClusterConfig {
    if (write.kind === 'replace') return JSON.parse(write.config) as ClusterConfig;
    const { entry, hash, revision } = write.entry;
    const applied = apply(this.durable, entry);
    if (!applied.ok || applied.value.revision !== revision || this.digest(canonical(applied.value)) !== hash)
      throw new Violation('S7', `revision ${revision} on disk does not follow from ${this.durable.revision}`);
    return applied.value;
  }

  private markOf(config: ClusterConfig): Stored {
    return markOf(config.revision, this.digest(canonical(config)));
  }

  /** The writer is gone, by a power cut or a kill: some of what was on its way may just have made it. */
  lose(): void {
    const { left, busy } = this;
    const isWritable = !this.failing && !this.full && !this.untrusted;
    const made = isWritable ? this.random.between(0, busy.length) : 0;
    for (const { write } of busy.slice(0, made)) this.flush(write);
    // An append that is not the next one is no part of the log, and is cut off.
    if (left !== undefined && (left.kind === 'replace' || left.entry.revision === this.durable.revision + 1))
      this.flush(left);
    this.left = undefined;
    this.life += 1;
    this.untrusted = false;
    this.busy = [];
    this.queue = [];
  }

  /** Bits have rotted: the next start reads only an earlier configuration. Nobody may be writing. */
  rot(random: Random): void {
    if (this.earlier.length === 0) return;
    this.durable = random.pick(this.earlier);
    this.earlier = this.earlier.filter(({ revision }) => revision < this.durable.revision);
    this.damaged = failure('store_damaged', 'a record in the middle of the log is damaged');
  }
}
