/** Program: how long it takes to make LUNs, with Keelson and with Pacemaker's tools, in the lab. */
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LabError } from '../../lab/error.ts';
import { openLab, type Lab } from '../../lab/lab.ts';
import { progressTo, type Progress } from '../../lab/progress.ts';
import { formCluster } from '../../trial/form.ts';
import { checkoutPackage } from '../../trial/package.ts';
import { San } from '../../trial/san.ts';
import { wholeNumber } from '../../trial/whole-number.ts';
import { keelsonStack } from '../failover/keelson/stack.ts';
import { diskFor } from '../failover/luns.ts';
import { pacemakerStack } from '../failover/pacemaker/stack.ts';
import { demandPacemaker, takeOver } from '../failover/pacemaker/take-over.ts';
import { stackNames, type StackName } from '../failover/results.ts';
import type { Provisioned, Provisioner } from './creates.ts';
import { keelsonProvisioner } from './keelson.ts';
import { pacemakerProvisioner } from './pacemaker.ts';
import { markdownReport, textReport } from './report.ts';

/** How long Pacemaker may take to start what was loaded, in milliseconds. */
const SET_UP = 1_800_000;
/** The first target has one LUN already, and 250 at most. */
const MOST = 120;

function lunsOf(text: string): number {
  const luns = wholeNumber(text);
  if (luns > MOST) throw new InvalidArgumentError(`It is at most ${MOST}.`);
  return luns;
}

interface Options {
  readonly luns: number;
  readonly clients: number;
  readonly only?: StackName;
  readonly out?: string;
  readonly keep: boolean;
}

const command = new Command('npm run bench:provision --')
  .description(
    'Makes LUNs in the lab, one after the other and then as many again at once: with Keelson, and then, in the same machines, with lvcreate, the crm shell and Pacemaker. Tells the time of one, and how many a second.',
  )
  .addOption(new Option('--luns <n>', 'so many of each kind').default(20).argParser(lunsOf))
  .addOption(
    new Option('--clients <n>', 'clients of Keelson that ask at once').default(8).argParser(wholeNumber),
  )
  .addOption(new Option('--only <stack>', 'one of the two').choices(stackNames))
  .option('--out <file>', 'the table as markdown too')
  .option('--keep', 'leave the machines running, as they are at the end', false)
  .helpOption('--help', 'this text')
  .allowExcessArguments(false)
  .action(async (options: Options) => {
    await bench(options);
  });

async function bench(options: Options): Promise<void> {
  const { clients, keep, out } = options;
  const progress = progressTo(process.stdout);
  const lab = openLab({ progress });
  const all: Provisioned[] = [];
  try {
    for await (const one of measured(lab, options, progress)) all.push(one);
  } finally {
    // What is on the disks may be Pacemaker's now: whoever wants a lab gets a new one.
    if (!keep) await lab.down({ purge: true });
  }
  const words = ['npm run bench:provision --', ...process.argv.slice(2)].join(' ');
  if (out !== undefined) writeFileSync(out, markdownReport(all, clients, words));
  process.stdout.write(`\n${textReport(all, clients)}`);
}

async function* measured(
  lab: Lab,
  { luns, clients, only }: Options,
  progress: Progress,
): AsyncGenerator<Provisioned> {
  const san = new San(lab);
  await lab.up({
    fresh: true,
    debianPackage: checkoutPackage(progress),
    dataDiskSize: diskFor(1 + 2 * luns),
    ...(only === 'keelson' ? {} : { flavour: 'pacemaker' as const }),
  });
  if (only !== 'keelson') await demandPacemaker(lab);
  await formCluster(lab, san, progress);
  const keelson = keelsonStack(lab, san, progress);
  await keelson.serveFirst();
  if (only !== 'pacemaker') yield measure(keelsonProvisioner(san, clients, progress), luns);
  if (only === 'keelson') return;
  await takeOver(lab, progress);
  const pacemaker = pacemakerStack(lab, SET_UP, progress);
  await pacemaker.serveFirst();
  yield measure(pacemakerProvisioner(lab, pacemaker, progress), luns);
}

/** The first LUN is there; those after it are made. */
async function measure(provisioner: Provisioner, count: number): Promise<Provisioned> {
  const from = (first: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => first + index);
  const oneByOne = await provisioner.oneByOne(from(2));
  const together = await provisioner.together(from(2 + count));
  return { stack: provisioner.stack, oneByOne, together };
}

await command.parseAsync().catch((error: unknown) => {
  const next = error instanceof LabError ? `\nnext: ${error.nextStep}` : '';
  process.stderr.write(`provision: ${error instanceof Error ? error.message : String(error)}${next}\n`);
  process.exitCode = 1;
});
