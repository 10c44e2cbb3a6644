import { koffi } from '../foreign.ts';
import { guarded } from './native.ts';

export interface Poller {
  stop(): void;
}

/** A poll handle that nothing refers to is collected, and polling stops without a word. */
const running = new Set<Poller>();

/**
 * Calls `ready` whenever the descriptor has something to read or its other end is gone, until stopped. `ready` is
 * called from the event loop, not from the poll callback: what is thrown in there is lost and ends the polling.
 */
export function pollDescriptor(descriptor: number, ready: () => void): Poller {
  let stopped = false;
  let scheduled = false;
  const handle = koffi.node.poll(
    descriptor,
    { readable: true, disconnect: true },
    guarded(() => {
      if (scheduled || stopped) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        if (!stopped) ready();
      });
    }),
  );
  const poller = {
    // Kept here so that the handle lives as long as the poller is in the set.
    handle,
    stop: () => {
      if (stopped) return;
      stopped = true;
      // Only close: the handle's stop() after close() reads freed memory.
      handle.close();
      running.delete(poller);
    },
  };
  running.add(poller);
  return poller;
}
