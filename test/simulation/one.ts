import type { One } from './arguments.ts';
import { simulate, type Outcome } from './simulate.ts';
import { smallest, told } from './smallest.ts';
import { watched } from './watch.ts';

/** One seed, shown as was asked for; the exit code. */
export async function one(wish: One): Promise<number> {
  const { seed, how, bug } = wish;
  const started = process.cpuUsage();
  const outcome = how === 'watch' ? await watched(wish) : simulate(seed, optionsOf(wish));
  const { user, system } = process.cpuUsage(started);
  const { violation } = outcome;
  const isOurs = violation !== undefined && violation.cause === undefined;
  if (violation !== undefined) {
    if (how === 'name') console.log(outcome.story.slice(-60).join('\n'));
    console.log(`seed ${seed}: ${violation.message} (broken: ${violation.promise})`);
    if (violation.cause !== undefined) console.log(`not the engine's fault: ${violation.cause}`);
    const found = how === 'tell' ? smallest(seed) : undefined;
    if (found !== undefined) console.log(`\n${told(seed, found, bug)}\n`);
  }
  console.log(
    `simulation: 1 seeds, ${outcome.faults} faults, ${isOurs ? 1 : 0} violations, ${speed(outcome, (user + system) / 1000)} x real time`,
  );
  return isOurs ? 1 : 0;
}

export const optionsOf = ({ skip, until, how }: One) => ({
  skip,
  trace: how === 'trace',
  ...(until === undefined ? {} : { until }),
});

const speed = ({ duration }: Outcome, cpu: number): string => (duration / Math.max(1, cpu)).toFixed(0);
