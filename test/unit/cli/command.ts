import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Served } from '../api/served.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly ended: Promise<Ended>;
}

export interface Surroundings {
  readonly environment?: Record<string, string>;
  readonly input?: string;
}

/** Starts the real command as a process of its own, without anything of this test's environment but the path. */
export function start(
  words: readonly string[],
  { environment = {}, input = '' }: Surroundings = {},
): Running {
  const child = spawn(process.execPath, ['src/cli/keelson.ts', ...words], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, stdout: () => stdout, ended };
}

/** The options that lead to the API of the test. */
export const towards = (served: Served): string[] => [
  '--url',
  served.url,
  '--ca',
  join(served.directory, 'api.crt'),
  '--token-file',
  join(served.directory, 'token'),
];

export const keelson = (
  served: Served,
  words: readonly string[],
  surroundings?: Surroundings,
): Promise<Ended> => start([...towards(served), ...words], surroundings).ended;
