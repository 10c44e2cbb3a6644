import { basename, dirname, join } from 'node:path';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { measureProcess, type Measured } from './measure.ts';

/** `crm_simulate`, start to end: reads the file, decides, prints status and summary. It carries nothing out. */
export const wholeOfTheirs = (file: string): Promise<Measured> =>
  measureProcess('crm_simulate', ['-R', '-x', file]);

/**
 * Seconds of one decision. Its profiling decides N times on a file that it has read once; of two runs that differ in N
 * alone the difference is what the decisions took, without start, reading and validation. Like every use of its library
 * each decision works on a copy of the document, because it changes it; that is part of it.
 */
export async function callOfTheirs(file: string, warmUps: number, calls: number): Promise<number> {
  const folder = join(dirname(file), `profile-${basename(file, '.xml')}`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, join(folder, basename(file)));
  const repeated = async (times: number): Promise<number> =>
    (await measureProcess('crm_simulate', ['--profile', folder, '--repeat', String(times)])).seconds;
  try {
    const few = await repeated(warmUps);
    return Math.max(0, (await repeated(warmUps + calls)) - few) / calls;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
