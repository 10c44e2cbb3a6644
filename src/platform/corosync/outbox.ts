import { describeError, OK, TRY_AGAIN } from './errors.ts';

/** Frames that wait for Corosync, in order. */
export interface Outbox {
  push(frames: readonly Uint8Array[]): void;
  clear(): void;
}

interface OutboxOptions {
  /** A `cs_error_t`. */
  readonly send: (frame: Uint8Array) => number;
  /** Sending is impossible, or more waits than `limit`: what was pushed can no longer be sent in order. */
  readonly failed: (reason: string) => void;
  /** Bytes. */
  readonly limit: number;
}

/** Under flow control, and while a ring forms, Corosync says 'try again'; it clears within a millisecond or with the ring. */
const RETRY = 2;

export function createOutbox({ send, failed, limit }: OutboxOptions): Outbox {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let timer: NodeJS.Timeout | undefined;

  function clear(): void {
    waiting = [];
    size = 0;
    clearTimeout(timer);
    timer = undefined;
  }

  function fail(reason: string): void {
    clear();
    failed(reason);
  }

  function flush(): void {
    timer = undefined;
    let sent = 0;
    for (const frame of waiting) {
      const code = send(frame);
      if (code === TRY_AGAIN) break;
      if (code !== OK) {
        fail(describeError('cpg_mcast_joined', code));
        return;
      }
      sent += 1;
      size -= frame.length;
    }
    waiting.splice(0, sent);
    if (waiting.length > 0) timer = setTimeout(flush, RETRY);
  }

  return {
    push(frames) {
      for (const frame of frames) {
        waiting.push(frame);
        size += frame.length;
      }
      if (size > limit) {
        fail(`more than ${limit} bytes wait to be sent`);
        return;
      }
      // What waits already goes first.
      if (timer === undefined) flush();
    },
    clear,
  };
}
