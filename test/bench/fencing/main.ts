/** Program: `npm run bench:fencing`; see HELP. The last line is the verdict. */
import { parseArgs } from 'node:util';
import { measure } from './measure.ts';

const HELP = `npm run bench:fencing -- [--times N]

Two nodes with real Corosync and real engines in namespaces of this machine, each with a management board of its own
(ipmi_sim) in a network beside them. The cable between the nodes is cut N times (default 10): the serving node loses the
other one, which the board really switches off. From the engine's records, from 'lost' to 'off' confirmed, the time is
taken in which calls of the board were under way, as the agent host measured them: the rest is the engine's own. Fails
above 100 ms in any of them. Where the board fails at first, the engine waits on purpose before it asks again: such a
fencing is told and not counted, and more than one in five of them is a failure. Needs root and Debian's corosync, openipmi, ipmitool and perl-base.`;

/** Milliseconds. */
const LIMIT = 100;

const { values } = parseArgs({
  options: { times: { type: 'string', default: '10' }, help: { type: 'boolean', default: false } },
});
const times = Number(values.times);

async function bench(): Promise<void> {
  console.log('  lost to confirmed ms   device ms   engine ms   failed attempts');
  const shares = await measure(times, ({ whole, device, engine, failed }) =>
    console.log(`${text(whole, 21)}${text(device, 12)}${text(engine, 12)}${text(failed, 18)}`),
  );
  const engine = shares
    .filter(({ failed }) => failed === 0)
    .map((share) => share.engine)
    .sort((one, other) => one - other);
  const left = times - engine.length;
  const median = engine[Math.floor(engine.length / 2)] ?? Infinity;
  const worst = engine.at(-1) ?? Infinity;
  if (worst > LIMIT || left > times / 5) process.exitCode = 1;
  const others = left === 0 ? '' : `; the board failed at first in ${left} more`;
  console.log(
    `fencing: the engine adds ${median.toFixed(0)} ms (median), ${worst.toFixed(0)} ms (worst) of ${engine.length}${others}; the limit is ${LIMIT} ms`,
  );
}

const text = (duration: number, width: number): string => duration.toFixed(0).padStart(width);

if (values.help) console.log(HELP);
else if (!Number.isSafeInteger(times) || times < 1) {
  console.error(HELP);
  process.exitCode = 2;
} else await bench();
