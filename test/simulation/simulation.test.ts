import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { isOurs } from './many.ts';
import type { Result } from './seed-worker.ts';
import { sideBySide } from './side-by-side.ts';
import { simulate, type Outcome } from './simulate.ts';

const FRESH = 500;
/** Milliseconds; ten times what it takes: whatever else the machine does, this is no test of its speed. */
const PATIENCE = 2_400_000;

/** The violation with the end of its story: whoever reads it runs `npm run sim -- --seed S` for all of it. */
const told = (outcome: Outcome): string | undefined =>
  outcome.violation === undefined || outcome.violation.cause !== undefined
    ? undefined
    : [`seed ${outcome.seed}: ${outcome.violation.message}`, ...outcome.story.slice(-80)].join('\n');

const regressions = readFileSync(new URL('regression-seeds.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => [Number(line.split(' ', 1)[0]), line.slice(line.indexOf(' ') + 1)] as const);

describe('what must always hold, and come to rest', () => {
  test.each(regressions)('seed %i: %s', (seed) => {
    const violation = told(simulate(seed));
    expect(violation, violation).toBeUndefined();
  });

  test(
    `${FRESH} fresh seeds`,
    async () => {
      const first = Math.floor(Math.random() * 1_000_000_000);
      console.log(`seeds ${first} to ${first + FRESH - 1}`);
      const results: Result[] = [];
      const seeds = { first, count: FRESH, workers: availableParallelism() };
      await sideBySide(seeds, (result) => results.push(result)).cpu;
      const faults = results.reduce((sum, result) => sum + result.faults, 0);
      const writes = results.reduce((sum, result) => sum + result.writes, 0);
      const lied = results.filter(({ violation }) => violation?.cause !== undefined).length;
      console.log(`${faults} faults, ${writes} writes acknowledged, ${lied} broke by a lie`);
      const violations = results
        .filter(isOurs)
        .map(({ seed, violation }) => `seed ${seed}: ${violation?.message}`);
      expect(violations, violations.join('\n')).toEqual([]);
      expect(results).toHaveLength(FRESH);
      // A simulation in which nothing goes wrong, or nobody writes, shows nothing.
      expect(faults).toBeGreaterThan(FRESH);
      expect(writes).toBeGreaterThan(FRESH * 100);
      // Nor does one that puts everything down to lies.
      expect(lied).toBeLessThan(FRESH / 10);
    },
    PATIENCE,
  );

  test('the same seed tells the same story', () => {
    const [one, two] = [simulate(4711), simulate(4711)];
    expect(two.story).toEqual(one.story);
    expect(two.events).toBe(one.events);
  });
});
