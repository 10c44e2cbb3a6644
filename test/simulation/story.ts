import type { Time } from './time.ts';

/** Lines kept; what led to a violation is always near the end. */
const KEPT = 40_000;

/** One thing that happened. */
export interface Line {
  /** Milliseconds since the story began. */
  readonly at: number;
  /** A machine's name, or `FAULT`, `MENDED`, `board`, `host`, `operator`. */
  readonly who: string;
  readonly text: string;
}

/** What happened, in plain words, for whoever reads a violation. */
export class Story {
  private readonly time: Time;
  private readonly start: number;
  private readonly print: boolean;
  private kept: Line[] = [];

  constructor(time: Time, print: boolean) {
    this.time = time;
    this.start = time.now;
    this.print = print;
  }

  tell(who: string, text: string): void {
    const line: Line = { at: this.time.now - this.start, who, text };
    if (this.print) process.stdout.write(`${written(line)}\n`);
    this.kept.push(line);
    if (this.kept.length > KEPT * 2) this.kept = this.kept.slice(-KEPT);
  }

  get lines(): readonly Line[] {
    return this.kept;
  }

  last(count: number): readonly string[] {
    return this.kept.slice(-count).map(written);
  }
}

export const written = ({ at, who, text }: Line): string =>
  `${(at / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(8)} ${text}`;
