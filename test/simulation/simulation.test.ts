import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simulate, type Outcome } from './simulate.ts';

const FRESH = 500;
/** Many times what it takes, in milliseconds: the machine may have other work. */
const PATIENCE = 600_000;

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
    () => {
      const first = Math.floor(Math.random() * 1_000_000_000);
      const outcomes = Array.from({ length: FRESH }, (_, index) => simulate(first + index));
      const faults = outcomes.reduce((sum, outcome) => sum + outcome.faults, 0);
      const writes = outcomes.reduce((sum, outcome) => sum + outcome.writes, 0);
      const lied = outcomes.filter(({ violation }) => violation?.cause !== undefined).length;
      console.log(
        `seeds ${first} to ${first + FRESH - 1}: ${faults} faults, ${writes} writes acknowledged, ${lied} broke by a lie`,
      );
      const violations = outcomes.flatMap((outcome) => told(outcome) ?? []);
      expect(violations, violations.join('\n\n')).toEqual([]);
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
