/** Program: the faults of a SAN's life, one after the other, under load, in the lab. Long: a command of its own. */
import { parseArgs } from 'node:util';
import { openLab } from '../lab/lab.ts';
import { progressTo } from '../lab/progress.ts';
import { formCluster } from '../trial/form.ts';
import { attachLun } from '../trial/host.ts';
import { isGood, underLoad } from '../trial/load.ts';
import { checkoutPackage } from '../trial/package.ts';
import { San } from '../trial/san.ts';
import { scenarios } from './scenarios/index.ts';

const HELP = `npm run soak -- [--only NAME]... [--cuts N] [--keep]

Runs these in the lab, each while a host writes, and reads every acknowledged write back after each:
${scenarios.map(({ name, what }) => `  ${name.padEnd(18)} ${what}`).join('\n')}

  --only NAME  only this one; may be repeated
  --cuts N     how often power-cut and double-cut are run (10)
  --keep       leave the lab running
`;
const WRITES_PER_SECOND = 20;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    cuts: { type: 'string', default: '10' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function soak(): Promise<number> {
  const progress = progressTo(process.stdout);
  const lab = openLab({ progress });
  const san = new San(lab);
  const chosen = scenarios
    .filter(({ name }) => values.only?.includes(name) ?? true)
    .flatMap((scenario) =>
      Array.from({ length: scenario.repeated === true ? Number(values.cuts) : 1 }, () => scenario),
    );
  let failed = 0;
  try {
    await lab.up({ debianPackage: checkoutPackage(progress) });
    await formCluster(lab, san, progress);
    const lun = await san.createLun('soak', '256MiB');
    const device = await attachLun(lab, lun.wwid);
    for (const [index, { name, run }] of chosen.entries()) {
      progress(`run ${index + 1} of ${chosen.length}: ${name}`);
      const result = await underLoad(lab, device, WRITES_PER_SECOND, () => run(lab, san)).catch(
        (error: unknown) => error as Error,
      );
      if (result instanceof Error) {
        failed += 1;
        process.stdout.write(`FAILED  ${name}: ${result.message}\n`);
        continue;
      }
      const { verdict, outcome } = result;
      const good = isGood(verdict) && outcome.wrong.length === 0;
      if (!good) failed += 1;
      process.stdout.write(
        `${good ? 'good  ' : 'FAILED'}  ${name}: ${outcome.told}; ${verdict.verified} of ${verdict.writes} writes verified, ` +
          `${verdict.lost} lost, ${verdict.errors} errors, both primary ${verdict.bothPrimary} ms, ` +
          `longest gap ${(verdict.longestGap / 1000).toFixed(1)} s\n`,
      );
      for (const wrong of outcome.wrong) process.stdout.write(`        ${wrong}\n`);
      if (outcome.phases !== undefined)
        process.stdout.write(`        phases ${JSON.stringify(outcome.phases)}\n`);
    }
  } finally {
    if (!values.keep) await lab.down();
  }
  process.stdout.write(`soak: ${chosen.length} runs, ${failed} failed\n`);
  return failed === 0 && chosen.length > 0 ? 0 : 1;
}

if (values.help) process.stdout.write(HELP);
else process.exitCode = await soak();
