/** Program: what Keelson costs the data, beside the same mirror and target without it, in the lab. */
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { LabError } from '../../lab/error.ts';
import { openLab, type Lab } from '../../lab/lab.ts';
import { progressTo, type Progress } from '../../lab/progress.ts';
import { formCluster } from '../../trial/form.ts';
import { attachLun, detachAll, toldBy } from '../../trial/host.ts';
import { checkoutPackage } from '../../trial/package.ts';
import { San } from '../../trial/san.ts';
import { wholeNumber } from '../../trial/whole-number.ts';
import { keelsonStack } from '../failover/keelson/stack.ts';
import { diskFor } from '../failover/luns.ts';
import { jobs, runJob, type Measured } from './jobs.ts';
import { markdownReport, textReport, type Stage, type StageName } from './report.ts';
import { Stages } from './stages.ts';

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly out?: string;
  readonly keep: boolean;
}

const command = new Command('npm run bench:data --')
  .description(
    'Runs fio on the host’s LUN in the lab: as Keelson serves it, then with the same target and mirror and without Keelson, with Keelson again, and on the bare disk. Tells what each adds.',
  )
  .addOption(new Option('--rounds <n>', 'of each, in each stage').default(3).argParser(wholeNumber))
  .addOption(new Option('--seconds <n>', 'of each job').default(10).argParser(wholeNumber))
  .option('--out <file>', 'the table as markdown too')
  .option('--keep', 'leave the machines running, as they are at the end', false)
  .helpOption('--help', 'this text')
  .allowExcessArguments(false)
  .action(async (options: Options) => {
    await bench(options);
  });

async function bench(options: Options): Promise<void> {
  const progress = progressTo(process.stdout);
  const lab = openLab({ progress });
  const all: Stage[] = [];
  try {
    for await (const stage of measured(lab, options, progress)) all.push(stage);
  } finally {
    // Its mirror is out of step, and nobody knows: whoever wants a lab gets a new one.
    if (!options.keep) await lab.down({ purge: true });
  }
  const words = ['npm run bench:data --', ...process.argv.slice(2)].join(' ');
  if (options.out !== undefined) writeFileSync(options.out, markdownReport(all, words));
  process.stdout.write(`\n${textReport(all)}`);
}

async function* measured(lab: Lab, options: Options, progress: Progress): AsyncGenerator<Stage> {
  const san = new San(lab);
  await lab.up({ fresh: true, debianPackage: checkoutPackage(progress), dataDiskSize: diskFor(1) });
  await formCluster(lab, san, progress);
  const keelson = keelsonStack(lab, san, progress);
  const wwid = await keelson.serveFirst();
  const told = await toldBy(san);
  const stages = new Stages(lab, san, progress);
  const measure = async (name: StageName): Promise<Stage> => {
    const device = await attachLun(lab, wwid, told);
    return { name, rounds: await runRounds(lab, device, name, options, progress) };
  };
  yield await measure('keelson');
  await stages.keepTarget(await keelson.primary());
  await stages.mirrorAlone();
  yield await measure('mirror alone');
  await stages.keelsonAgain();
  yield await measure('keelson');
  await stages.mirrorAlone();
  await stages.bare();
  yield await measure('bare disk');
  await detachAll(lab);
}

async function runRounds(
  lab: Lab,
  device: string,
  name: StageName,
  { rounds, seconds }: Options,
  progress: Progress,
): Promise<Stage['rounds']> {
  const all: Record<string, Measured[]> = {};
  for (let round = 1; round <= rounds; round += 1)
    for (const job of jobs) {
      const one = await runJob(lab, device, job, seconds);
      (all[job.name] ??= []).push(one);
      progress(`${name}, round ${round} of ${rounds}: ${job.name}: ${one.rate.toFixed(0)} a second`);
    }
  return all;
}

await command.parseAsync().catch((error: unknown) => {
  const next = error instanceof LabError ? `\nnext: ${error.nextStep}` : '';
  process.stderr.write(`data: ${error instanceof Error ? error.message : String(error)}${next}\n`);
  process.exitCode = 1;
});
