import { setTimeout as sleep } from 'node:timers/promises';

/** Waits. `false`: the signal was aborted first, so there is no time left. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
