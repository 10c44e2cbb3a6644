import type { Milliseconds } from '../model/index.ts';

export interface Clock {
  /** Unix epoch; may jump. For people and records. */
  now(): Milliseconds;
  /** Since some moment before this boot's processes; whole milliseconds; only runs. For everything that is measured or decided. */
  monotonic(): Milliseconds;
  /** Never jumps back; for durations. Calls `fired` once. */
  after(delay: Milliseconds, fired: () => void): { cancel(): void };
}

export interface Random {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
}

export interface Log {
  info(component: string, message: string): void;
  warn(component: string, message: string): void;
  error(component: string, message: string): void;
}
