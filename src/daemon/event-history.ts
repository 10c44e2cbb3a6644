import type { EventRecord } from '../model/index.ts';

/** The last events of this node, for those who come late; bounded. */
const KEPT = 1000;

export interface EventHistory {
  add(event: Omit<EventRecord, 'sequence' | 'at'>): void;
  /** What came after that sequence number (or nothing of before), then everything new until the returned function is called. */
  subscribe(after: number | undefined, send: (event: EventRecord) => void): () => void;
}

/** `first`: the first sequence number. Grows over restarts of the engine, because it is made from the time. */
export function createEventHistory(first: number, now: () => EventRecord['at']): EventHistory {
  const kept: EventRecord[] = [];
  const listeners = new Set<(event: EventRecord) => void>();
  let next = first;
  return {
    add(event) {
      const record: EventRecord = { ...event, sequence: next, at: now() };
      next += 1;
      kept.push(record);
      if (kept.length > KEPT) kept.shift();
      for (const listener of [...listeners]) listener(record);
    },
    subscribe(after, send) {
      if (after !== undefined)
        kept.filter(({ sequence }) => sequence > after).forEach((event) => send(event));
      listeners.add(send);
      return () => listeners.delete(send);
    },
  };
}
