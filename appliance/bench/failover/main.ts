/** Program: how long a host waits at a failover with many LUNs, with Keelson and with Pacemaker, in the lab. Long. */
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LabError } from '../../lab/error.ts';
import { openLab, type Lab } from '../../lab/lab.ts';
import { progressTo, type Progress } from '../../lab/progress.ts';
import { formCluster } from '../../trial/form.ts';
import { checkoutPackage } from '../../trial/package.ts';
import { San } from '../../trial/san.ts';
import { wholeNumber } from '../../trial/whole-number.ts';
import { keelsonStack } from './keelson/stack.ts';
import { diskFor, usualCounts } from './luns.ts';
import { pacemakerStack } from './pacemaker/stack.ts';
import { demandPacemaker, takeOver } from './pacemaker/take-over.ts';
import { markdownReport, textReport } from './report.ts';
import { isBroken, stackNames, type Result, type StackName } from './results.ts';
import { runStack } from './run.ts';

const MINUTE = 60_000;

interface Options {
  readonly luns: readonly number[];
  readonly pacemaker?: readonly number[];
  readonly only?: StackName;
  readonly times: number;
  readonly limit: number;
  readonly out?: string;
  readonly reuse: boolean;
  readonly keep: boolean;
}

const counts = (text: string, before: readonly number[] | undefined): readonly number[] => [
  ...(before === undefined || before === usualCounts ? [] : before),
  wholeNumber(text),
];

/** The host's LUN is full after less than an hour of writes. */
const LONGEST_LIMIT = 40;

function limitOf(text: string): number {
  const minutes = wholeNumber(text);
  if (minutes > LONGEST_LIMIT) throw new InvalidArgumentError(`It is at most ${LONGEST_LIMIT}.`);
  return minutes;
}

const command = new Command('npm run bench:failover --')
  .description(
    [
      'Cuts the power of the node that serves, and moves what it serves, in the lab, while a host writes: with Keelson,',
      'and then, in the same machines with the same DRBD resource, volume group and boards, with Debian’s Pacemaker and',
      'its shell agents. Tells the time of each phase and the longest gap between two writes. Takes hours with all sizes.',
    ].join(' '),
  )
  .addOption(
    new Option('--luns <n...>', 'numbers of LUNs')
      .argParser(counts)
      .default(usualCounts, usualCounts.join(' ')),
  )
  .addOption(
    new Option('--pacemaker <n...>', 'other numbers for Pacemaker (default: the same)').argParser(counts),
  )
  .addOption(new Option('--only <stack>', 'one of the two').choices(stackNames))
  .addOption(
    new Option('--times <n>', 'how often each is measured with Keelson; the middle one is shown')
      .default(1)
      .argParser(wholeNumber),
  )
  .addOption(
    new Option('--limit <minutes>', 'a stack whose host waits longer is given up')
      .default(15)
      .argParser(limitOf),
  )
  .option('--out <file>', 'the table as markdown too, written after each result')
  .option('--reuse', 'go on with the disks of the machines as they are', false)
  .option('--keep', 'leave the machines running, as they are at the end', false)
  .helpOption('--help', 'this text')
  .allowExcessArguments(false)
  .action(async (options: Options) => {
    process.exitCode = await bench(options);
  });

const growing = (numbers: readonly number[]): readonly number[] =>
  [...new Set(numbers)].sort((a, b) => a - b);

async function bench(options: Options): Promise<number> {
  const progress = progressTo(process.stdout);
  const lab = openLab({ progress });
  const results: Result[] = [];
  const tell = (result: Result): void => {
    results.push(result);
    if (options.out !== undefined) write(options.out, results, options.times, false);
  };
  let isDone = false;
  try {
    await runAll(lab, options, progress, tell);
    isDone = true;
  } finally {
    if (!options.keep) {
      // What is on the disks is Pacemaker's now; whoever wants a lab gets a new one. After a failure they are evidence.
      await lab.down({ purge: isDone });
      if (!isDone) progress('the disks are kept for a look; `npm run lab -- down --purge` removes them');
    }
  }
  if (options.out !== undefined) write(options.out, results, options.times, true);
  process.stdout.write(`\n${textReport(results, options.times)}`);
  const ours = results.filter(({ stack }) => stack === 'keelson').flatMap(({ outcomes }) => outcomes);
  return ours.some((outcome) => outcome.kind !== 'measured' || isBroken(outcome)) ? 1 : 0;
}

async function runAll(
  lab: Lab,
  options: Options,
  progress: Progress,
  tell: (result: Result) => void,
): Promise<void> {
  const { only, times, reuse } = options;
  const limit = options.limit * MINUTE;
  const luns = growing(options.luns);
  const theirs = growing(options.pacemaker ?? options.luns);
  const san = new San(lab);
  await lab.up({
    fresh: !reuse,
    debianPackage: checkoutPackage(progress),
    dataDiskSize: diskFor(Math.max(...luns, ...theirs)),
    ...(only === 'keelson' ? {} : { flavour: 'pacemaker' as const }),
  });
  if (only !== 'keelson') await demandPacemaker(lab);
  // Pacemaker takes over Keelson's pool: who wants only Pacemaker needs that too.
  await formCluster(lab, san, progress);
  const keelson = keelsonStack(lab, san, progress);
  if (only === 'pacemaker') await keelson.serveFirst();
  else await runStack(lab, keelson, { counts: luns, times, limit }, progress, tell);
  if (only === 'keelson') return;
  await takeOver(lab, progress);
  // A size may take twice as long to come up as a failover may take: then there is still something to measure.
  const pacemaker = pacemakerStack(lab, 2 * limit, progress);
  await runStack(lab, pacemaker, { counts: theirs, times: 1, limit }, progress, tell);
}

function write(file: string, results: readonly Result[], times: number, isComplete: boolean): void {
  const words = ['npm run bench:failover --', ...process.argv.slice(2)].join(' ');
  writeFileSync(file, markdownReport(results, times, words, isComplete));
}

await command.parseAsync().catch((error: unknown) => {
  const next = error instanceof LabError ? `\nnext: ${error.nextStep}` : '';
  process.stderr.write(`failover: ${error instanceof Error ? error.message : String(error)}${next}\n`);
  process.exitCode = 1;
});
