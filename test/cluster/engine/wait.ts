import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds. Generous: it is only ever used up by a test that fails. */
const DEADLINE = 150_000;
const PAUSE = 150;

/** Waits until `look` finds nothing missing; says what was missing last where that does not come about in time. */
export async function until(
  what: string,
  look: () => Promise<string | undefined> | string | undefined,
  deadline = DEADLINE,
): Promise<void> {
  const end = performance.now() + deadline;
  for (;;) {
    const missing = await look();
    if (missing === undefined) return;
    if (performance.now() > end)
      throw new Error(`${what} has not come about within ${deadline / 1000} s: ${missing}`);
    await delay(PAUSE);
  }
}
