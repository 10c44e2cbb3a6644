import { flushCompileCache } from 'node:module';
import { milliseconds } from '../model/index.ts';
import { trimAllocator } from '../platform/allocator.ts';
import type { Clock } from '../ports/index.ts';

/** Without any change for so long the engine is at rest. */
const REST_AFTER = milliseconds(15_000);

/**
 * A failover of hundreds of LUNs takes memory for a moment, and an engine at rest makes too little garbage for V8 to
 * look for what it could give back. So once after each burst everything is collected and given back, when nobody waits
 * for the engine. Returns what is to be told of every change.
 */
export function createRest(clock: Clock, giveBack: () => void): () => void {
  let changedAt = 0;
  let waits = false;

  function look(after: number): void {
    waits = true;
    clock.after(milliseconds(after), () => {
      const left = changedAt + REST_AFTER - clock.monotonic();
      if (left > 0) return look(left);
      waits = false;
      giveBack();
    });
  }

  return () => {
    changedAt = clock.monotonic();
    if (!waits) look(REST_AFTER);
  };
}

/**
 * What was compiled is kept for the next start: Node does that at a process's end, and an engine mostly ends by losing its
 * power or being killed. Then memory is given back: V8's, which needs Node's option `--expose-gc` and is left out without
 * it, and the C library's.
 */
export function tidyUp(): void {
  flushCompileCache();
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  trimAllocator();
}
