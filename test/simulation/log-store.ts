import type { StoredEntry } from '../../src/ports/index.ts';
import { apply, canonical } from '../../src/engine/index.ts';
import { failure, type ClusterConfig, type Failure } from '../../src/model/index.ts';
import type { Random } from './random.ts';
import type { Time } from './time.ts';
import { Violation } from './violation.ts';

type Write =
  | { readonly kind: 'append'; readonly entry: StoredEntry }
  | { readonly kind: 'replace'; readonly revision: number; readonly hash: string; readonly config: string };

/** The configuration's log on one machine's disk: what was not flushed when the power went is gone. */
export class LogStore {
  slow = false;
  failing = false;
  /** After a failed write nothing can be added until the file was written anew. */
  private broken = false;
  private durable: ClusterConfig;
  private readonly time: Time;
  private readonly random: Random;
  private readonly digest: (text: string) => string;
  private queue: { readonly write: Write; readonly flushed: (failure: Failure | undefined) => void }[] = [];
  private busy = false;
  private life = 0;

  constructor(initial: ClusterConfig, time: Time, random: Random, digest: (text: string) => string) {
    this.durable = initial;
    this.time = time;
    this.random = random;
    this.digest = digest;
  }

  /** What a start of the engine finds. */
  get config(): ClusterConfig {
    return this.durable;
  }

  write(write: Write, flushed: (failure: Failure | undefined) => void): void {
    this.queue.push({ write, flushed });
    this.work();
  }

  private work(): void {
    const next = this.queue[0];
    if (this.busy || next === undefined) return;
    this.busy = true;
    const { life } = this;
    const delay = this.slow ? this.random.between(200, 3000) : this.random.between(1, 12);
    this.time.after(delay, () => {
      if (life !== this.life) return;
      this.busy = false;
      this.queue.shift();
      this.broken = this.failing || (this.broken && next.write.kind === 'append');
      if (!this.broken) this.durable = this.carryOut(next.write);
      next.flushed(this.broken ? failure('store_failed', 'no space left on device') : undefined);
      this.work();
    });
  }

  private carryOut(write: Write): ClusterConfig {
    if (write.kind === 'replace') return JSON.parse(write.config) as ClusterConfig;
    const { entry, hash, revision } = write.entry;
    const applied = apply(this.durable, entry);
    if (!applied.ok || applied.value.revision !== revision || this.digest(canonical(applied.value)) !== hash)
      throw new Violation('S7', `revision ${revision} on disk does not follow from ${this.durable.revision}`);
    return applied.value;
  }

  /** The writer is gone, by a power cut or a kill: what it had begun may just have made it. */
  lose(): void {
    const begun = this.queue[0];
    const mayHaveMadeIt = !this.failing && !this.broken && this.random.chance(0.5);
    if (this.busy && begun !== undefined && mayHaveMadeIt) this.durable = this.carryOut(begun.write);
    this.life += 1;
    this.broken = false;
    this.busy = false;
    this.queue = [];
  }
}
