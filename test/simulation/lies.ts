import type { Cause, Violation } from './violation.ts';

interface Lie {
  readonly cause: Cause;
  /** What it is about, so that the truth about the same ends it. */
  readonly about: string;
  /** By the hardware, it is not a lie any more. */
  readonly isOver: () => boolean;
}

/** Where a board lied, both nodes may have gone on: what they wrote and what they changed stays different. */
const PARTED: ReadonlySet<Violation['property']> = new Set(['S4', 'S6', 'S7']);

/**
 * What devices and agents have told engines that is not so. A board that says `off` while the machine runs, or an agent
 * that says `stopped` while the LUN is exported, can bring about what must never be; whoever reads that must be able to
 * tell it from an engine that was wrong by itself.
 */
export class Lies {
  count = 0;
  private lies: Lie[] = [];
  private deviceLied = false;

  tell(lie: Lie): void {
    this.count += 1;
    if (lie.cause === 'device lied') this.deviceLied = true;
    this.lies = [...this.lies.filter(({ about }) => about !== lie.about), lie];
  }

  /** The truth about it was told. */
  correct(about: string): void {
    if (this.lies.length > 0) this.lies = this.lies.filter((lie) => lie.about !== about);
  }

  /**
   * Which lie made it so; undefined: none, the engine was wrong. What may be on one node only can be on both while
   * somebody still believes a lie; what both nodes wrote while a board lied stays different afterwards.
   */
  causeOf({ property, mayFollowFrom }: Violation): Cause | undefined {
    this.lies = this.lies.filter(({ isOver }) => !isOver());
    const believed = this.lies.find(({ cause }) => mayFollowFrom.includes(cause));
    if (believed !== undefined) return believed.cause;
    return PARTED.has(property) && this.deviceLied ? 'device lied' : undefined;
  }
}
