/** Program: runs the checks and tests one after the other, goes on after a failure, and ends with one line for all. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { failuresOf, readReport } from './failures.ts';

const ROOT = join(import.meta.dirname, '..');
const REPORTS = join(ROOT, 'build', 'reports');

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, in the words of the test; a check has said it just before. */
  readonly failures: readonly string[];
}

interface Step {
  readonly name: string;
  readonly what: string;
  readonly run: () => Promise<Count>;
}

/** A check passes or fails as a whole, or says by this code that what it needs is not there. */
const SKIPPED = 77;
const check = (name: string, what: string, program: string, ...args: string[]): Step => ({
  name,
  what,
  run: async () => {
    const code = await execute(program, args);
    return {
      passed: code === 0 ? 1 : 0,
      failed: code !== 0 && code !== SKIPPED ? 1 : 0,
      skipped: code === SKIPPED ? 1 : 0,
      failures: [],
    };
  },
});

/** A vitest project; its own report says how many tests ran. One that ends without a report has failed. */
const tests = (name: string, what: string): Step => ({
  name,
  what,
  run: async () => {
    const report = join(REPORTS, `${name}.json`);
    rmSync(report, { force: true });
    const ended = await execute('vitest', [
      ...['run', '--project', name, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ]);
    try {
      const told = readReport(readFileSync(report, 'utf8'));
      const failed = told.numFailedTests;
      return {
        passed: told.numPassedTests,
        failed: ended === 0 || failed > 0 ? failed : failed + 1,
        skipped: told.numPendingTests + told.numTodoTests,
        failures: failuresOf(told),
      };
    } catch (error) {
      return { passed: 0, failed: 1, skipped: 0, failures: [`no report of its tests: ${String(error)}`] };
    }
  },
});

/** The exit code; 1 where it has none. */
async function execute(program: string, args: readonly string[]): Promise<number> {
  const { exitCode } = await execa(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    preferLocal: true,
    reject: false,
  });
  return exitCode ?? 1;
}

const steps: readonly Step[] = [
  check('format', 'prettier', 'prettier', '--check', '--log-level', 'warn', '.'),
  check('types', 'compiler, one project per room', 'tsc', '--build'),
  check('lint', 'linter with types, and the rules of the rooms', 'eslint', '.'),
  check('unused', 'unused files, exports and packages', 'knip'),
  check('docs', 'the reference is made from the present code', 'node', 'docs/generate.ts', '--check'),
  tests('unit', 'unit tests'),
  tests('scenario', 'stories of an operator'),
  tests('fencing', 'every kind of fence device against a peer that is not ours'),
  check(
    'cases',
    "Pacemaker's own cases for its scheduler (skipped where they are not there)",
    'node',
    'test/judge/main.ts',
  ),
  check(
    'fuzz',
    'fresh clusters, decided by us and by crm_simulate',
    'node',
    'test/fuzz/main.ts',
    '--count',
    '500',
  ),
  tests('simulation', 'the engine on a simulated world, fresh seeds'),
  tests('cluster', 'real Corosync in network namespaces'),
  tests('cluster-engine', 'the whole engine on real Corosync, with 2, 3 and 5 nodes'),
];
const labStep = tests('lab', 'a power cut in virtual machines');

const { values } = parseArgs({
  options: { lab: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});
const known = [...steps, labStep];
const only = values.only ?? [];
const unknown = only.filter((name) => !known.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `no such step: ${unknown.join(', ')}; there are: ${known.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}
const chosen = only.length > 0 ? known.filter(({ name }) => only.includes(name)) : values.lab ? known : steps;

mkdirSync(REPORTS, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const failedSteps: string[] = [];
const failures: string[] = [];
for (const { name, what, run } of chosen) {
  process.stdout.write(`\n=== ${name}: ${what}\n`);
  const began = performance.now();
  const counted = await run();
  const { passed, failed, skipped } = counted;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stdout.write(`=== ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s\n`);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  failures.push(...counted.failures);
  if (failed > 0) failedSteps.push(name);
}
// Once more at the end: where only the end of a long output is kept, the seed and the reason are in it.
for (const failure of failures) process.stdout.write(`\nfailed: ${failure}\n`);
if (failedSteps.length > 0) process.stdout.write(`\nfailed: ${failedSteps.join(', ')}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
