/** Attempts per caller, and for all callers together, in a window of time. Remembers a bounded number of callers. */
export class RateLimit {
  readonly #perCaller: number;
  readonly #total: number;
  readonly #window: number;
  readonly #now: () => number;
  #windowStart: number;
  #callers = new Map<string, number>();
  #attempts = 0;

  /** `window` and `now` in milliseconds; `now` never jumps back. */
  constructor(options: { perCaller: number; total: number; window: number; now: () => number }) {
    this.#perCaller = options.perCaller;
    this.#total = options.total;
    this.#window = options.window;
    this.#now = options.now;
    this.#windowStart = options.now();
  }

  /** Counts an attempt; false: too many, refuse it. No more callers are remembered than attempts are let through. */
  admits(caller: string): boolean {
    if (this.#now() - this.#windowStart >= this.#window) {
      this.#windowStart = this.#now();
      this.#callers.clear();
      this.#attempts = 0;
    }
    const before = this.#callers.get(caller) ?? 0;
    if (this.#attempts >= this.#total || before >= this.#perCaller) return false;
    this.#callers.set(caller, before + 1);
    this.#attempts += 1;
    return true;
  }
}
