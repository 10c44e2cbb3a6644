import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seen, unseen, type Look, type Milliseconds } from '../../model/index.ts';
import { createRun, runSuccessfully, type Run } from '../processes/run.ts';
import { isClockDisciplined } from './discipline.ts';
import { askNeighbours } from '../neighbours.ts';
import { reaches } from './reaches.ts';

/** The machine that is looked at. */
export interface Place {
  /** Before every path that is read; '' on a real machine. */
  readonly root: string;
  readonly run: Run;
  /** Whether somebody keeps its clock. */
  readonly isClockDisciplined: () => boolean;
  /** Whether anything comes back from there where echo requests do not. */
  readonly reaches: (from: string | undefined, to: string) => Promise<boolean>;
  /** The cards that answer to an IPv6 address in the network of this one. */
  readonly neighbours: (card: string, address: string) => Promise<readonly string[]>;
}

/** This machine. `deadline`: of one program. */
export const thisMachine = (deadline: Milliseconds): Place => ({
  root: '',
  run: createRun(deadline),
  isClockDisciplined,
  reaches,
  neighbours: askNeighbours,
});

/** Takes a look that may fail, and gives up on it at the deadline: a kernel that hangs hangs whoever asks it. */
export async function look<Value>(take: () => Promise<Value>, deadline: Milliseconds): Promise<Look<Value>> {
  const { promise: late, resolve } = Promise.withResolvers<Look<Value>>();
  const timer = setTimeout(() => resolve(unseen(`no answer within ${deadline / 1000} s`)), deadline);
  const taken = take().then(seen, (problem: unknown) =>
    unseen(problem instanceof Error ? problem.message : String(problem)),
  );
  try {
    return await Promise.race([taken, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Throws what `node:fs` throws. */
export const read = async ({ root }: Place, path: string): Promise<string> =>
  readFile(join(root, path), 'utf8');

/** Undefined where there is no such file; anything else that is wrong is thrown. */
export async function readIfThere(place: Place, path: string): Promise<string | undefined> {
  try {
    return await read(place, path);
  } catch (problem) {
    absent(problem, undefined);
    return undefined;
  }
}

/** Names in a folder, sorted; none where there is no such folder. */
export async function namesIn({ root }: Place, folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(join(root, folder))).sort();
  } catch (problem) {
    return absent(problem, []);
  }
}

/** ENODEV and EINVAL are what a driver answers that has no such attribute. */
function absent<Value>(problem: unknown, value: Value): Value {
  const { code = '' } = problem as NodeJS.ErrnoException;
  if (['ENOENT', 'ENOTDIR', 'ENODEV', 'EINVAL'].includes(code)) return value;
  throw problem;
}

/** Standard output; throws where the program cannot be run or ends with another code than 0. */
export async function output({ run }: Place, program: string, args: readonly string[]): Promise<string> {
  const done = await runSuccessfully(run, program, args);
  if (!done.ok) throw new Error(done.failure.message);
  return done.value;
}

export const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
