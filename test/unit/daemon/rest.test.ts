import { expect, test, vi } from 'vitest';
import { createRest } from '../../../src/daemon/rest.ts';
import { createClock } from '../../../src/platform/world.ts';

test('an engine gives memory back once after each burst, when it is at rest', () => {
  vi.useFakeTimers();
  try {
    const giveBack = vi.fn();
    const changed = createRest(createClock(), giveBack);
    for (let second = 0; second < 60; second += 1) {
      changed();
      vi.advanceTimersByTime(1000);
    }
    expect(giveBack).not.toHaveBeenCalled();
    vi.advanceTimersByTime(3_600_000);
    expect(giveBack).toHaveBeenCalledOnce();

    changed();
    vi.advanceTimersByTime(60_000);
    expect(giveBack).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});
