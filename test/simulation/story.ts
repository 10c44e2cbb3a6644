import type { Time } from './time.ts';

/** Lines kept; what led to a violation is always near the end. */
const KEPT = 40_000;

/** What happened, in plain words, for whoever reads a violation. */
export class Story {
  private readonly time: Time;
  private readonly start: number;
  private readonly print: boolean;
  private lines: string[] = [];

  constructor(time: Time, print: boolean) {
    this.time = time;
    this.start = time.now;
    this.print = print;
  }

  /** `text` is made only where it is kept. */
  tell(who: string, text: string): void {
    const line = `${((this.time.now - this.start) / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(8)} ${text}`;
    if (this.print) process.stdout.write(`${line}\n`);
    this.lines.push(line);
    if (this.lines.length > KEPT * 2) this.lines = this.lines.slice(-KEPT);
  }

  last(count: number): readonly string[] {
    return this.lines.slice(-count);
  }
}
