/** Delivers events one at a time from the event loop, so that a listener is never called from within its own calls. */
export interface EventQueue<Event> {
  push(event: Event): void;
  /** Drops what waits and delivers nothing any more. */
  close(): void;
}

/** Then timers and other descriptors get their turn. */
const BATCH = 64;

export function createEventQueue<Event>(deliver: (event: Event) => void): EventQueue<Event> {
  let waiting: Event[] = [];
  let scheduled: NodeJS.Immediate | undefined;
  let closed = false;

  function schedule(): void {
    if (scheduled === undefined && !closed && waiting.length > 0) scheduled = setImmediate(run);
  }

  function run(): void {
    scheduled = undefined;
    const batch = waiting.splice(0, BATCH);
    try {
      for (let event = batch.shift(); event !== undefined && !closed; event = batch.shift()) deliver(event);
    } finally {
      // A listener that throws is a bug and ends the process, unless it is caught for a last word: lose nothing.
      waiting = [...batch, ...waiting];
      schedule();
    }
  }

  return {
    push(event) {
      if (closed) return;
      waiting.push(event);
      schedule();
    },
    close() {
      closed = true;
      waiting = [];
      clearImmediate(scheduled);
    },
  };
}
