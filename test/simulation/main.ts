/** Program: `npm run sim -- --seeds N [--seed S] [--trace]`. Ends with 1 where a property did not hold. */
import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    lines: { type: 'string', default: '400' },
  },
});

const started = performance.now();
const first = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
const count = values.seed !== undefined && values.seeds === '100' ? 1 : Number(values.seeds);
let faults = 0;
let violations = 0;
let simulated = 0;
let writes = 0;
let changes = 0;
const recoveries: number[] = [];

for (let seed = first; seed < first + count; seed += 1) {
  const outcome = simulate(seed, values.trace);
  faults += outcome.faults;
  simulated += outcome.duration;
  writes += outcome.writes;
  changes += outcome.changes;
  recoveries.push(outcome.recovery);
  if (outcome.violation === undefined) continue;
  violations += 1;
  if (!values.trace && count === 1) console.log(outcome.story.slice(-Number(values.lines)).join('\n'));
  console.log(`seed ${seed}: ${outcome.violation.message}`);
}

recoveries.sort((a, b) => a - b);
const at = (share: number): string =>
  ((recoveries[Math.min(recoveries.length - 1, Math.floor(recoveries.length * share))] ?? 0) / 1000).toFixed(
    0,
  );
const real = performance.now() - started;
console.log(
  `seeds ${first} to ${first + count - 1}: ${writes} writes and ${changes} changes acknowledged, well again after ${at(0.5)} s (median), ${at(1)} s (longest)`,
);
console.log(
  `simulation: ${count} seeds, ${faults} faults, ${violations} violations, ${(simulated / real).toFixed(0)} x real time`,
);
process.exitCode = violations > 0 ? 1 : 0;
