export interface Appointment {
  cancel(): void;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Simulated time: a heap of appointments, in order of time and then of making. Milliseconds. */
export class Time {
  now: number;
  private readonly heap: Entry[] = [];
  private made = 0;

  constructor(start: number) {
    this.now = start;
  }

  after(delay: number, run: () => void): Appointment {
    this.made += 1;
    const entry: Entry = { at: this.now + Math.max(0, delay), order: this.made, run, cancelled: false };
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** Runs everything that is due until then; `afterEach` is called after every event. */
  runUntil(end: number, afterEach: () => void): void {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined || first.at > end) break;
      this.takeFirst();
      if (first.cancelled) continue;
      this.now = first.at;
      first.run();
      afterEach();
    }
    this.now = end;
  }

  private takeFirst(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink();
  }

  private rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.isBefore(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  private sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      let first = index;
      if (left < this.heap.length && this.isBefore(left, first)) first = left;
      if (left + 1 < this.heap.length && this.isBefore(left + 1, first)) first = left + 1;
      if (first === index) return;
      this.swap(index, first);
      index = first;
    }
  }

  private isBefore(left: number, right: number): boolean {
    const a = this.heap[left];
    const b = this.heap[right];
    if (a === undefined || b === undefined) return false;
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  private swap(left: number, right: number): void {
    const a = this.heap[left];
    const b = this.heap[right];
    if (a === undefined || b === undefined) return;
    this.heap[left] = b;
    this.heap[right] = a;
  }
}
