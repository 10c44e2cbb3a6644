import { beforeEach, describe, expect, test } from 'vitest';
import { failures, milliseconds, type Failure } from '../../../src/model/index.ts';
import { createLinkWatch, type LinkWatch } from '../../../src/platform/corosync/link-watch.ts';
import { createStallWatch, type StallWatch } from '../../../src/platform/corosync/stall-watch.ts';

/** Time that passes when the test says so. */
function createManualClock(start: number) {
  let now = start;
  let timers: { at: number; fired: () => void }[] = [];
  return {
    now: () => milliseconds(now),
    after(delay: number, fired: () => void) {
      const timer = { at: now + delay, fired };
      timers.push(timer);
      return { cancel: () => (timers = timers.filter((one) => one !== timer)) };
    },
    pass(duration: number) {
      const until = now + duration;
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        now = next.at;
        next.fired();
      }
      now = until;
    },
  };
}

let clock: ReturnType<typeof createManualClock>;
let told: string[];
let messages: string[];
const tell = (key: string, failure: Failure | undefined): void => {
  told.push(`${key} ${failure?.code ?? 'over'}`);
  if (failure !== undefined) messages.push(failure.message);
};
const news = (): string[] => told.splice(0);

beforeEach(() => {
  clock = createManualClock(Date.UTC(2026, 10, 21));
  told = [];
  messages = [];
});

describe('links', () => {
  let links: LinkWatch;
  beforeEach(() => {
    const bert = { id: 2, name: 'bert', addresses: ['10.0.1.2', '10.0.2.2'] };
    links = createLinkWatch({ peers: () => [bert], clock, tell });
  });
  const bothUp = (): void => {
    links.changed(2, 0, true);
    links.changed(2, 1, true);
    clock.pass(20_000);
    expect(news()).toEqual([]);
  };

  test('that come up one by one after a start are no news', () => {
    links.changed(2, 0, false);
    links.changed(2, 1, false);
    clock.pass(3000);
    links.changed(2, 0, true);
    clock.pass(3000);
    links.changed(2, 1, true);
    clock.pass(60_000);
    expect(news()).toEqual([]);
  });

  test('one down is told with its address, and its end', () => {
    bothUp();
    links.changed(2, 1, false);
    clock.pass(2000);
    expect(news()).toEqual([]);
    clock.pass(2000);
    expect(news()).toEqual(['corosync-link-bert-1 link_down']);
    expect(messages[0]).toBe(
      "Corosync's link 1 to bert (10.0.2.2) is down; the nodes hear each other over another link only",
    );
    links.changed(2, 1, true);
    clock.pass(3000);
    expect(news()).toEqual(['corosync-link-bert-1 over']);
  });

  test('all down is one thing: the node is not reached', () => {
    bothUp();
    links.changed(2, 0, false);
    links.changed(2, 1, false);
    clock.pass(10_000);
    expect(news()).toEqual(['corosync-node-bert node_unreachable']);
    expect(messages[0]).toBe('no Corosync link to bert is up (10.0.1.2, 10.0.2.2)');
    links.changed(2, 1, true);
    clock.pass(10_000);
    expect(news()).toEqual(['corosync-node-bert over', 'corosync-link-bert-0 link_down']);
  });

  test('one that flaps is told once, until it has been quiet for a minute', () => {
    bothUp();
    for (let round = 0; round < 5; round += 1) {
      links.changed(2, 0, false);
      clock.pass(1500);
      links.changed(2, 0, true);
      clock.pass(1500);
    }
    expect(news()).toEqual(['corosync-link-bert-0 link_unsteady']);
    clock.pass(60_000);
    expect(news()).toEqual(['corosync-link-bert-0 over']);
  });

  test('that Corosync does not have, as in a cluster formed with fewer, are no news', () => {
    links.changed(2, 0, true);
    links.changed(2, 1, undefined);
    clock.pass(60_000);
    expect(news()).toEqual([]);
  });

  test('what was told stays while Corosync is away, and is judged anew when it is back', () => {
    bothUp();
    links.changed(2, 1, false);
    clock.pass(5000);
    expect(news()).toEqual(['corosync-link-bert-1 link_down']);
    links.forget();
    clock.pass(60_000);
    expect(news()).toEqual([]);
    bothUpAgain();
    expect(news()).toEqual(['corosync-link-bert-1 over']);
  });
  const bothUpAgain = (): void => {
    links.changed(2, 0, true);
    links.changed(2, 1, true);
    clock.pass(10_000);
  };
});

describe('stalls', () => {
  let stalls: StallWatch;
  beforeEach(() => {
    stalls = createStallWatch({ token: () => milliseconds(1000), clock, tell });
  });
  const stall = (duration: number): void => {
    stalls.length(duration);
    stalls.moment(clock.now());
    clock.pass(200);
  };

  test('none is no news', () => {
    stalls.moment(undefined);
    stalls.length(undefined);
    clock.pass(3_600_000);
    expect(news()).toEqual([]);
  });

  test('one is told with what it means, and is over after ten quiet minutes', () => {
    stall(912.4);
    expect(news()).toEqual(['corosync-stall not_scheduled']);
    expect(messages[0]).toBe(
      'Corosync was not given the processor for 912 ms at 2026-11-21T00:00:00.000Z: 91 % of the token of 1000 ms, after which the others take this node for dead and fence it',
    );
    expect(failures.not_scheduled.next).toContain('longer token');
    clock.pass(9 * 60_000);
    expect(news()).toEqual([]);
    clock.pass(2 * 60_000);
    expect(news()).toEqual(['corosync-stall over']);
  });

  test('many are told once a minute, with their number and the longest', () => {
    for (let second = 0; second < 90; second += 1) {
      stall(800 + second);
      clock.pass(800);
    }
    expect(news()).toEqual(['corosync-stall not_scheduled', 'corosync-stall not_scheduled']);
    expect(messages[1]).toContain('859 ms: 86 % of the token');
    expect(messages[1]).toContain(', 60 times in a short while');
    clock.pass(11 * 60_000);
    expect(news().at(-1)).toBe('corosync-stall over');
  });

  test('one of an hour ago, which Corosync remembers still, is no news', () => {
    stalls.moment(milliseconds(clock.now() - 3_600_000));
    stalls.length(950);
    clock.pass(1000);
    expect(news()).toEqual([]);
  });
});
