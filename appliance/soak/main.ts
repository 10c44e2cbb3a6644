/** Program: the faults of a SAN's life, one after the other, under load, in the lab. Long: a command of its own. */
import { Command, Option } from 'commander';
import { openLab } from '../lab/lab.ts';
import { witnessPackage } from '../package/contents.ts';
import { progressTo } from '../lab/progress.ts';
import { fenceKinds, type LabFencing } from '../trial/cluster-file.ts';
import { formCluster } from '../trial/form.ts';
import { attachLun, toldBy } from '../trial/host.ts';
import { demandFencing } from '../trial/levels.ts';
import { isGood, underLoad } from '../trial/load.ts';
import { checkoutPackage } from '../trial/package.ts';
import { San } from '../trial/san.ts';
import { addWitness } from '../trial/witness.ts';
import { wholeNumber } from '../trial/whole-number.ts';
import { scenarios } from './scenarios/index.ts';

const WRITES_PER_SECOND = 20;

interface Wish {
  readonly only?: readonly string[];
  readonly cuts: number;
  readonly times: number;
  readonly fencing?: LabFencing;
  readonly fresh: boolean;
  readonly keep: boolean;
}

const command = new Command('npm run soak --')
  .description(
    `Runs these in the lab, each while a host writes, and reads every acknowledged write back after each:\n` +
      scenarios.map(({ name, what }) => `  ${name.padEnd(20)} ${what}`).join('\n'),
  )
  .addOption(
    new Option('--only <names...>', 'only these scenarios').choices(scenarios.map(({ name }) => name)),
  )
  .addOption(
    new Option('--cuts <n>', 'how often power-cut and double-cut are run').default(10).argParser(wholeNumber),
  )
  .addOption(
    new Option('--times <n>', 'how often each of the others is run').default(1).argParser(wholeNumber),
  )
  .addOption(
    new Option('--fencing <kinds...>', 'by what the nodes are fenced, the first level first').choices(
      fenceKinds,
    ),
  )
  .option('--fresh', 'new disks for all machines', false)
  .option('--keep', 'leave the lab running', false)
  .helpOption('--help', 'this text')
  .allowExcessArguments(false)
  .action(async (wish: Wish) => {
    process.exitCode = await soak(wish);
  });

async function soak({ only, cuts, times, fencing: wanted, fresh, keep }: Wish): Promise<number> {
  const progress = progressTo(process.stdout);
  const lab = openLab({ progress });
  const san = new San(lab);
  const chosen = scenarios
    .filter(({ name, fencing, witness }) => only?.includes(name) ?? (fencing ?? witness) === undefined)
    .flatMap((scenario) => Array.from({ length: scenario.repeated === true ? cuts : times }, () => scenario));
  const ways = chosen.map((scenario) => ({
    fencing: scenario.fencing ?? wanted,
    hasWitness: scenario.witness === true,
  }));
  const { fencing, hasWitness = false } = ways[0] ?? {};
  if (ways.some((each) => each.fencing?.join() !== fencing?.join() || each.hasWitness !== hasWitness)) {
    process.stdout.write('soak: these scenarios need clusters of different kinds; run them one by one\n');
    return 2;
  }
  let failed = 0;
  try {
    await lab.up({
      fresh,
      debianPackage: checkoutPackage(progress),
      witnessPackage: hasWitness ? checkoutPackage(progress, witnessPackage) : undefined,
    });
    await formCluster(lab, san, progress, fencing);
    if (fencing !== undefined) await demandFencing(san, fencing);
    if (hasWitness) await addWitness(lab, san, progress);
    const lun = await san.createLun('soak', '256MiB');
    const device = await attachLun(lab, lun.wwid, await toldBy(san));
    for (const [index, { name, run, makesTwoPrimaries }] of chosen.entries()) {
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
      const judged = makesTwoPrimaries === true ? { ...verdict, bothPrimary: 0 } : verdict;
      const good = isGood(judged) && outcome.wrong.length === 0;
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
    if (!keep) await lab.down();
  }
  process.stdout.write(`soak: ${chosen.length} runs, ${failed} failed\n`);
  return failed === 0 && chosen.length > 0 ? 0 : 1;
}

await command.parseAsync();
