import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export interface Measured {
  readonly seconds: number;
  /** The most memory it held, in KiB (VmHWM), as seen shortly before its end. */
  readonly peak: number;
}

/** How often a running process is asked for its memory; milliseconds. */
const LOOK_EVERY = 5;

/** Runs a program to its end as a whole process, its output thrown away. */
export async function measureProcess(command: string, options: readonly string[]): Promise<Measured> {
  const begun = performance.now();
  const child = spawn(command, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  let peak = 0;
  const look = (): void => {
    try {
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // It is gone.
    }
  };
  const timer = setInterval(look, LOOK_EVERY);
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${complaint.slice(0, 500)}`);
    return { seconds: (performance.now() - begun) / 1000, peak };
  } finally {
    clearInterval(timer);
  }
}

/** What a program prints. */
export async function outputOf(command: string, options: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, options);
  return stdout;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
