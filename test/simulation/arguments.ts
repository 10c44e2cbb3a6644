import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export const HELP = `npm run sim -- [--seeds N] [--seed S] [--workers N]
npm run sim -- --seed S [--skip LIST] [--until MS] [--trace | --watch [--speed X]]

Lets everything go wrong in a simulated SAN and checks after every event what must always hold. Without options 100
fresh seeds; the last line counts them, and how much faster than real time one core simulates (by its CPU time).
A seed that breaks something is made as small as possible and told in plain words.

  --seeds N       so many seeds
  --seed S        the first seed (default: a fresh one); without --seeds it is the only one
  --workers N     seeds side by side (default: one per CPU)
  --no-shrink     a violation is only named

of one seed:
  --skip LIST     leaves out these strikes, as a shrunk story names them: 0-3,5
  --until MS      nothing more strikes after so many milliseconds
  --trace         every input and effect of both engines
  --watch         the machines, their roles and links and the host's writes, moving; without a terminal frame by frame
  --bug NAME      with this bug in the engine (npm run hunt -- --list names them)
  --speed X       times faster than real time that --watch shows (default 10)
  --help          this text

Ends with 0 where everything held, with 1 where something did not, with 2 for a bad argument, with 130 after an interrupt.`;

export interface Many {
  readonly kind: 'many';
  readonly first: number;
  readonly count: number;
  readonly workers: number;
  readonly mayShrink: boolean;
}

export interface One {
  readonly kind: 'one';
  readonly seed: number;
  readonly skip: ReadonlySet<number>;
  readonly until: number | undefined;
  readonly how: 'tell' | 'name' | 'trace' | 'watch';
  readonly speed: number;
  /** A planted bug. */
  readonly bug: string | undefined;
}

export type Wish = Many | One | { readonly kind: 'help' };

/** The caller's mistake, in words for him. */
export class BadArgument extends Error {}

export function readArguments(args: readonly string[]): Wish {
  const { values } = parse(args);
  if (values.help) return { kind: 'help' };
  const first =
    values.seed === undefined
      ? Math.floor(Math.random() * 1_000_000_000)
      : wholeNumber('--seed', values.seed, 0);
  const ofOne = [values.skip, values.until, values.trace, values.watch, values.speed, values.bug];
  const isOfOne = ofOne.some((value) => value !== undefined && value !== false);
  if (values.seeds === undefined && values.seed !== undefined)
    return {
      kind: 'one',
      seed: first,
      skip: values.skip === undefined ? new Set() : listOfNumbers(values.skip),
      until: values.until === undefined ? undefined : wholeNumber('--until', values.until, 0),
      how: howToShow(values),
      speed: values.speed === undefined ? 10 : positive('--speed', values.speed),
      bug: values.bug,
    };
  if (isOfOne)
    throw new BadArgument(
      '--skip, --until, --trace, --watch, --speed and --bug want one seed: --seed S, no --seeds',
    );
  return {
    kind: 'many',
    first,
    count: wholeNumber('--seeds', values.seeds ?? '100', 1),
    workers: wholeNumber('--workers', values.workers ?? String(availableParallelism()), 1),
    mayShrink: !values['no-shrink'],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string' },
        seed: { type: 'string' },
        workers: { type: 'string' },
        'no-shrink': { type: 'boolean', default: false },
        skip: { type: 'string' },
        until: { type: 'string' },
        trace: { type: 'boolean', default: false },
        watch: { type: 'boolean', default: false },
        speed: { type: 'string' },
        bug: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new BadArgument(error instanceof Error ? error.message : String(error));
  }
}

function howToShow(values: {
  readonly trace: boolean;
  readonly watch: boolean;
  readonly skip?: string;
  readonly until?: string;
  readonly 'no-shrink': boolean;
}): One['how'] {
  if (values.trace && values.watch) throw new BadArgument('--trace or --watch, not both');
  if (values.trace) return 'trace';
  if (values.watch) return 'watch';
  // What is left out by hand is not to be made smaller still.
  const isChosen = values.skip !== undefined || values.until !== undefined;
  return isChosen || values['no-shrink'] ? 'name' : 'tell';
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least)
    throw new BadArgument(`${option} is a whole number from ${least} up, not '${text}'`);
  return number;
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0)
    throw new BadArgument(`${option} is a number above 0, not '${text}'`);
  return number;
}

/** `0-3,5` */
function listOfNumbers(text: string): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const range = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part);
    const from = Number(range?.[1]);
    const to = Number(range?.[2] ?? range?.[1]);
    if (range === null || to < from)
      throw new BadArgument(`--skip is a list of numbers like 0-3,5, not '${text}'`);
    for (let number = from; number <= to; number += 1) numbers.add(number);
  }
  return numbers;
}
