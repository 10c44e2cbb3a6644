/** Program: `npm run hunt`. Ends with 1 where a planted bug was not found, 2 where it was called wrongly. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { plantedBugs } from './bugs/index.ts';
import { Control } from './control.ts';
import { misfits } from './engine-files.ts';
import { hunt, type Finding } from './hunt.ts';
import type { PlantedBug } from './planted-bug.ts';
import { Specimen } from './specimen.ts';
import { heading, row } from './table.ts';

const HELP = `npm run hunt -- [--only NAME[,NAME]] [--seeds MAX] [--seed S] [--workers N] [--story] [--missed] [--list]

Plants bugs in the engine, one at a time, and lets the simulation look for each with fresh seeds until a property
fails. It counts only where the unmodified engine gets through the same seed. Nothing on disk is changed.

  --only NAME     only these bugs; a name, or several with commas
  --seeds MAX     seeds after which a bug counts as not found (default 300)
  --seed S        the first seed (default: a fresh one, printed)
  --workers N     hunts side by side (default: one per CPU)
  --story         tells of each bug that was found the smallest story that shows it
  --missed        only those that the simulation is known to miss, which are not hunted otherwise
  --list          the bugs and why somebody would make them; hunts nothing
  --help          this text

Ends with 0 where every bug was found, with 1 where one was not or no longer fits, with 2 for a bad argument.`;

interface Settings {
  readonly bugs: readonly PlantedBug[];
  readonly seeds: number;
  readonly firstSeed: number;
  readonly workers: number;
  readonly withStory: boolean;
  readonly show: 'help' | 'list' | undefined;
}

class BadArgument extends Error {}

function settings(): Settings {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      seeds: { type: 'string', default: '300' },
      seed: { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
      story: { type: 'boolean', default: false },
      missed: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const names = values.only?.split(',');
  const unknown = names?.find((name) => plantedBugs.every((bug) => bug.name !== name));
  if (unknown !== undefined) throw new BadArgument(`there is no planted bug ${unknown}; --list names them`);
  return {
    bugs: plantedBugs.filter(({ name, missed }) =>
      names === undefined ? values.list || (missed !== undefined) === values.missed : names.includes(name),
    ),
    seeds: wholeNumber('--seeds', values.seeds, 1),
    firstSeed:
      values.seed === undefined
        ? Math.floor(Math.random() * 1_000_000_000)
        : wholeNumber('--seed', values.seed, 0),
    workers: wholeNumber('--workers', values.workers, 1),
    withStory: values.story,
    show: values.help ? 'help' : values.list ? 'list' : undefined,
  };
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least)
    throw new BadArgument(`${option} is a whole number from ${least} up, not '${text}'`);
  return number;
}

async function run({ bugs, seeds, firstSeed, workers, withStory, show }: Settings): Promise<number> {
  if (show === 'help') return say(HELP);
  const problems = misfits(bugs);
  for (const problem of problems) console.error(`hunt: ${problem}`);
  if (show === 'list') for (const bug of bugs) console.log(described(bug));
  if (problems.length > 0) return 1;
  if (show === 'list') return say(`${bugs.length} planted bugs, all of which fit the engine`);

  console.log(`hunt: ${bugs.length} planted bugs, seeds from ${firstSeed}, at most ${seeds} for each`);
  const nameWidth = Math.max(3, ...bugs.map(({ name }) => name.length));
  console.log(heading(nameWidth));
  const unmodified = new Specimen(undefined);
  const control = new Control(unmodified);
  const findings = new Map<PlantedBug, Finding>();
  const stories = new Map<PlantedBug, string>();
  let told = 0;
  const open = [...bugs];
  const work = async (): Promise<void> => {
    for (let bug = open.shift(); bug !== undefined; bug = open.shift()) {
      const specimen = new Specimen(bug);
      const finding = await hunt(bug, specimen, control, { firstSeed, seeds });
      if (withStory && finding.kind === 'found') stories.set(bug, await specimen.tell(finding.seed));
      findings.set(bug, finding);
      specimen.end();
      // In the order of the list, whichever is found first.
      for (let next = bugs[told]; next !== undefined && findings.has(next); next = bugs[told]) {
        const finding = findings.get(next);
        if (finding !== undefined) tellFinding(finding, nameWidth, stories.get(next));
        told += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, bugs.length) }, work));
  const failures = await control.failures();
  unmodified.end();
  if (failures.length > 0)
    console.log(`the unmodified engine fails too, so these count for nothing: seeds ${failures.join(', ')}`);
  tellMissed(bugs);
  const found = [...findings.values()].filter(({ kind }) => kind === 'found').length;
  console.log(`hunt: ${found} of ${bugs.length} planted bugs found`);
  return found === bugs.length ? 0 : 1;
}

function tellFinding(finding: Finding, nameWidth: number, story: string | undefined): void {
  console.log(row(finding, nameWidth));
  if (finding.kind === 'broken') console.log(`    ${finding.message.split('\n', 3).join('\n    ')}`);
  if (story !== undefined) console.log(`\n${story}\n`);
}

const described = ({ name, expected, why, missed }: PlantedBug): string =>
  [`${name} (${expected})`, why, ...(missed === undefined ? [] : [`Missed: ${missed}`])].join('\n    ');

/** What is not on trial is said every time. */
function tellMissed(bugs: readonly PlantedBug[]): void {
  const missed = plantedBugs.filter((bug) => bug.missed !== undefined && !bugs.includes(bug));
  if (missed.length > 0)
    console.log(`${missed.length} more are known to be missed (--list says why, --missed hunts them)`);
}

function say(text: string): 0 {
  console.log(text);
  return 0;
}

const isBadCall = (error: unknown): error is Error =>
  error instanceof BadArgument ||
  (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));

try {
  process.exitCode = await run(settings());
} catch (error) {
  if (!isBadCall(error)) throw error;
  console.error(`hunt: ${error.message}; --help tells what there is`);
  process.exitCode = 2;
}
