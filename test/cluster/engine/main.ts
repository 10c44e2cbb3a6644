/** Program: all stories on real Corosync, as often as asked, with a table at the end. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { execa } from 'execa';
import { wholeNumber } from '../../../appliance/trial/whole-number.ts';

const ROOT = join(import.meta.dirname, '../../..');
const REPORT = join(ROOT, 'build/reports/cluster-pass.json');
/** One after the other: what the first measures must not be slowed down by the second. */
const PROJECTS = ['cluster', 'cluster-engine'];

interface Wish {
  readonly times: number;
  readonly quick: boolean;
  readonly only?: string;
}

const command = new Command('npm run test:cluster --')
  .description('Tells all stories of the cluster on real Corosync in network namespaces. Needs root.')
  .addOption(new Option('--times <n>', 'so many times in a row').default(1).argParser(wholeNumber))
  .option('--quick', 'only what is part of npm test', false)
  .option('--only <text>', 'only stories with that in their name')
  .helpOption('--help', 'this text')
  .allowExcessArguments(false)
  .action(async (wish: Wish) => {
    process.exitCode = await tellAll(wish);
  });

interface Ran {
  readonly name: string;
  readonly passed: boolean;
  /** Milliseconds. */
  readonly duration: number;
}

/** As vitest's JSON reporter writes it. */
interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number;
    }[];
  }[];
}

async function pass(project: string, { only, quick }: Wish): Promise<readonly Ran[]> {
  rmSync(REPORT, { force: true });
  await execa(
    'vitest',
    [
      ...['run', '--project', project, '--passWithNoTests'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`],
      ...(only === undefined ? [] : ['-t', only]),
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      preferLocal: true,
      reject: false,
      env: { KEELSON_CLUSTER_STORIES: quick ? 'quick' : 'all' },
    },
  );
  const report = readReport();
  const ran = (report?.testResults ?? [])
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed' || status === 'failed')
    .map(({ fullName, status, duration = 0 }) => ({
      name: fullName,
      passed: status === 'passed',
      duration,
    }));
  const hasFailedOtherwise = report?.success !== true && ran.every(({ passed }) => passed);
  return hasFailedOtherwise
    ? [...ran, { name: `${project}: ended without a whole report`, passed: false, duration: 0 }]
    : ran;
}

function readReport(): Report | undefined {
  try {
    return JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

const inSeconds = (duration: number): string => (duration / 1000).toFixed(1).padStart(7);

function table(all: readonly Ran[]): string {
  const names = [...new Set(all.map(({ name }) => name))];
  const lines = names.map((name) => {
    const runs = all.filter((ran) => ran.name === name);
    const passes = runs.filter(({ passed }) => passed).length;
    const durations = runs.map(({ duration }) => duration);
    const [shortest, longest] = [Math.min(...durations), Math.max(...durations)];
    const failures = runs.length - passes;
    return `${String(passes).padStart(6)} ${String(failures).padStart(8)} ${inSeconds(shortest)} ${inSeconds(longest)}  ${name}`;
  });
  return ['passed   failed   min s   max s  story', ...lines].join('\n');
}

async function tellAll(wish: Wish): Promise<number> {
  const { times } = wish;
  mkdirSync(join(ROOT, 'build/reports'), { recursive: true });
  const all: Ran[] = [];
  let clean = 0;
  for (let time = 1; time <= times; time += 1) {
    const began = performance.now();
    const ran: Ran[] = [];
    for (const project of PROJECTS) ran.push(...(await pass(project, wish)));
    all.push(...ran);
    const failed = ran.filter(({ passed }) => !passed).length;
    if (failed === 0 && ran.length > 0) clean += 1;
    const duration = ((performance.now() - began) / 1000).toFixed(0);
    process.stdout.write(
      `pass ${time} of ${times}: ${ran.length - failed} passed, ${failed} failed, ${duration} s\n`,
    );
  }
  process.stdout.write(`\n${table(all)}\n\ncluster: ${clean} of ${times} passes without a failure\n`);
  return clean === times ? 0 : 1;
}

await command.parseAsync();
