import type { Step } from '../engine/scheduler/graph/transition.ts';

/** What became of one step. */
export type Fired = 'done' | 'failed';

export interface Walk {
  readonly skipped: number;
  readonly waiting: number;
}

/** Above this priority a step is carried out even after a failure. */
const ALWAYS = 1_000_000;

/** The smallest number first. */
class Queue {
  readonly #heap: number[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(value: number): void {
    const heap = this.#heap;
    let at = heap.push(value) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = heap[above] ?? 0;
      if (other <= value) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = value;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && (heap[below + 1] ?? 0) < (heap[below] ?? 0)) below += 1;
      const other = heap[below] ?? 0;
      if (other >= last) break;
      heap[at] = other;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

/**
 * Takes the steps of a transition, each as soon as all it waits for is over. The sequence is that of a controller which
 * goes through the list again and again and takes whatever is ready. After a failure only steps that hold others
 * together, and those of the highest priority, are still taken.
 */
export const walk = (steps: readonly Step[], fire: (step: Step) => Fired): Walk => {
  const indexOf = new Map(steps.map(({ action }, index) => [action, index]));
  const followers: number[][] = steps.map(() => []);
  const inputs = steps.map(({ after }) => new Set(after));
  const waitingFor = inputs.map(({ size }) => size);
  let round = new Queue();
  let next = new Queue();
  for (const [index, set] of inputs.entries()) {
    if (set.size === 0) round.push(index);
    for (const action of set) {
      const first = indexOf.get(action);
      if (first !== undefined) followers[first]?.push(index);
    }
  }
  let hasFailed = false;
  let skipped = 0;
  let taken = 0;
  while (round.size > 0) {
    const index = round.pop() ?? 0;
    const step = steps[index];
    if (step === undefined) break;
    if (hasFailed && !step.action.isPseudo && step.priority < ALWAYS) {
      skipped += 1;
    } else {
      taken += 1;
      const isFailed = fire(step) === 'failed';
      hasFailed ||= isFailed;
      for (const follower of followers[index] ?? []) {
        if (isFailed && (steps[follower]?.priority ?? 0) < ALWAYS) continue;
        const left = (waitingFor[follower] ?? 0) - 1;
        waitingFor[follower] = left;
        if (left === 0) (follower > index ? round : next).push(follower);
      }
    }
    if (round.size === 0) [round, next] = [next, round];
  }
  return { skipped, waiting: steps.length - taken - skipped };
};
