import { describe, expect, test } from 'vitest';
import type { TransportInput } from '../../../src/engine/index.ts';
import { Random } from '../random.ts';
import { Story } from '../story.ts';
import { Time } from '../time.ts';
import { Corosync } from './corosync.ts';

/** Two nodes and a witness whose vote both have. */
function formed(seed: number) {
  const time = new Time(0);
  const corosync = new Corosync([1, 2], time, new Random(seed), new Story(time, false), true);
  const { witness } = corosync;
  if (witness === undefined) throw new Error('there is a witness');
  const told = new Map([1, 2].map((id): [number, TransportInput[]] => [id, []]));
  const start = (id: number): void => {
    corosync.start(id);
    corosync.join(id, { process: id, hear: (event) => told.get(id)?.push(event) });
  };
  start(1);
  start(2);
  const run = (duration: number, check = (): void => undefined): void =>
    time.runUntil(time.now + duration, check);
  const quorate = (): readonly boolean[] => [1, 2].map((id) => corosync.isQuorate(id));
  run(30_000);
  expect(witness.isWell).toBe(true);
  return { corosync, witness, told, start, run, quorate };
}

describe('the simulated witness', () => {
  test('votes for the lower of two halves, and for both when they are one again', () => {
    const { corosync, run, quorate } = formed(1);
    corosync.setLink(false);
    run(5000);
    expect(quorate()).toEqual([true, false]);
    corosync.setLink(true);
    run(5000);
    expect(quorate()).toEqual([true, true]);
  });

  test('stays with the one that went on, beside one that boots behind a cut', () => {
    const { corosync, start, run, quorate } = formed(1);
    corosync.kill(1);
    run(20_000);
    expect(quorate()).toEqual([false, true]);
    corosync.setLink(false);
    start(1);
    run(30_000);
    expect(quorate()).toEqual([false, true]);
  });

  test('is enough for one node that boots alone', () => {
    const { corosync, start, run, quorate } = formed(1);
    corosync.kill(1);
    corosync.kill(2);
    run(20_000);
    start(2);
    run(20_000);
    expect(quorate()).toEqual([false, true]);
  });

  test('lost, ends nothing; a split without it leaves nobody with quorum, until it is there again', () => {
    const { corosync, witness, run, quorate } = formed(1);
    witness.setUp(false, true);
    run(20_000);
    expect(quorate()).toEqual([true, true]);
    corosync.setLink(false);
    run(20_000);
    expect(quorate()).toEqual([false, false]);
    witness.setUp(true);
    run(20_000);
    // Whoever found it first.
    expect(quorate().toSorted()).toEqual([false, true]);
  });

  test('takes its time with one that died without a word, and nothing is sent meanwhile', () => {
    const { corosync, told, run } = formed(1);
    corosync.kill(1);
    run(2300);
    const events = told.get(2) ?? [];
    const count = events.length;
    corosync.multicast(2, { process: 2, payload: 'waits', view: '' });
    run(2000);
    expect(events.slice(count)).toEqual([]);
    run(20_000);
    expect(
      events
        .slice(count)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['message', 'quorum']);
  });

  test('never votes for two halves, whatever is lost and comes back', () => {
    let decided = 0;
    for (let seed = 1; seed <= 10; seed += 1) {
      const { corosync, witness, run, quorate } = formed(seed);
      const random = new Random(seed, 1);
      for (let count = 0; count < 60; count += 1) {
        const isGood = random.chance(0.5);
        random.pick([
          () => corosync.setLink(isGood),
          () => witness.setUp(isGood, random.chance(0.5)),
          () => witness.setReach(random.between(1, 2), isGood),
          () => void (witness.slow = !isGood),
          () => corosync.crash(random.between(1, 2), random.between(400, 4000)),
        ])();
        run(random.between(10, 8000), () => {
          const both = quorate().every(Boolean);
          const isParted = [1, 2].some((id) => !corosync.describe(id).startsWith('ring 1 2'));
          if (quorate().includes(true) && isParted) decided += 1;
          // Whoever has not seen that its ring has ended still has what it had in it.
          const isOld = [1, 2].some((id) => corosync.describe(id).startsWith('ring 1 2'));
          if (both && isParted && !isOld) throw new Error(`both have quorum alone (seed ${seed})`);
        });
      }
    }
    expect(decided).toBeGreaterThan(0);
  });
});
