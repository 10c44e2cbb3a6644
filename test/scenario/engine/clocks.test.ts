import { describe, expect, test } from 'vitest';
import type { Machine } from '../../simulation/machine.ts';
import { DATA_LUN } from '../../simulation/world.ts';
import { MINUTE, San, SECOND } from './san.ts';

const YEAR = 365 * 24 * 60 * MINUTE;

const clockProblem = (san: San, machine: Machine): string | undefined =>
  san.status(machine).problems.find(({ code }) => code === 'clock_differs')?.message;

const since = (san: San, of: Machine, seenBy: Machine): number =>
  san.status(seenBy).nodes.find(({ name }) => name === of.name)?.since ?? 0;

describe('the clock of a node is wrong', () => {
  test.each([
    ['a year ahead', YEAR, 'ahead of'],
    ['a year behind', -YEAR, 'behind'],
  ])(
    '%s: nothing is decided by it, both nodes tell of it, and it ends when the clock is set',
    (_, by, word) => {
      const san = San.serving();
      const { began } = san.watchWork(san.alpha);
      san.beta.setClock(by);
      san.eventually('alpha tells of it', () => clockProblem(san, san.alpha) !== undefined, 15 * SECOND);
      expect(clockProblem(san, san.alpha)).toMatch(
        new RegExp(`the clock of (beta is 365 days ${word}|alpha is 365 days)`),
      );
      san.for(20 * MINUTE);
      expect(began.filter(({ operation }) => operation !== 'monitor')).toEqual([]);
      expect(san.fencings).toBe(0);
      expect(san.isWell()).toBe(true);
      san.beta.setClock(0);
      san.eventually('it is over', () => clockProblem(san, san.alpha) === undefined, 15 * SECOND);
    },
  );

  test('a failover takes as long as ever, in a year of its own', () => {
    const san = San.serving(7);
    san.beta.setClock(YEAR);
    san.world.host.longestSilence = 0;
    san.alpha.cut();
    san.hostGetsOn();
    expect(san.world.host.longestSilence).toBeLessThan(15 * SECOND);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });

  test('a clock that jumps forth and back forgets no failure early, and none late', () => {
    const san = San.serving();
    san.failMonitors(san.alpha, 'address', 4 * SECOND * 10);
    const failures = (): number =>
      san.status(san.beta).problems.filter(({ message }) => message.includes('address-')).length;
    san.eventually('the address is seen as failed', () => failures() > 0, 3 * MINUTE);
    for (const by of [YEAR, -YEAR, 0]) {
      san.alpha.setClock(by);
      san.beta.setClock(-by);
      san.for(SECOND);
    }
    san.eventually('it is forgotten in its time', () => failures() === 0, 2 * MINUTE);
  });

  test('what people read is in the time of day of the node they ask, whatever the other one counts in', () => {
    const san = San.serving();
    const now = san.world.time.now;
    expect(Math.abs(since(san, san.beta, san.alpha) - since(san, san.beta, san.beta))).toBeLessThan(SECOND);
    expect(since(san, san.beta, san.alpha)).toBeGreaterThan(now - 5 * MINUTE);
    expect(since(san, san.beta, san.alpha)).toBeLessThanOrEqual(now);
    const operation = Object.values(san.alpha.store.config.operations).find(
      ({ subject }) => subject === DATA_LUN,
    );
    expect(operation?.createdAt).toBeGreaterThan(now - 5 * MINUTE);
    expect(operation?.createdAt).toBeLessThanOrEqual(now);
  });

  test('a node that boots takes over what happened before it was there, at the time when it happened', () => {
    const san = San.serving();
    const joined = since(san, san.beta, san.beta);
    san.alpha.cut();
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    // Alpha has counted from zero since its boot; beta has been there for longer than that.
    expect(Math.abs(since(san, san.beta, san.alpha) - joined)).toBeLessThan(SECOND);
    expect(since(san, san.alpha, san.alpha)).toBeGreaterThan(joined);
  });
});
