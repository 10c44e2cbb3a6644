import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from './error.ts';
import type { LabSettings } from './settings.ts';

/** A helper process that outlives the command that started it: a management board, the PDU, the relay. */
export interface Held {
  /** Name of its files in the lab's `held` folder. */
  readonly name: string;
  /** Must name a path in the lab's state folder: that is how it is known again. */
  readonly command: readonly string[];
  readonly workingFolder: string;
}

const folderOf = (settings: LabSettings): string => join(settings.stateFolder, 'held');

/** The id of a helper that runs, and is really it: ids are used again, so its command line has to name this lab. */
export async function heldProcess(settings: LabSettings, name: string): Promise<number | undefined> {
  try {
    const id = Number(await readFile(join(folderOf(settings), `${name}.pid`), 'utf8'));
    const words = await readFile(`/proc/${id}/cmdline`, 'utf8');
    return words.includes(settings.stateFolder) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Starts a helper unless it runs. Its output goes to a log beside its id. */
export async function startHeld(settings: LabSettings, held: Held): Promise<void> {
  if ((await heldProcess(settings, held.name)) !== undefined) return;
  await mkdir(folderOf(settings), { recursive: true });
  const log = openSync(join(folderOf(settings), `${held.name}.log`), 'a', 0o600);
  const [program = '', ...parameters] = held.command;
  const child = spawn(program, parameters, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: held.workingFolder,
  });
  child.on('error', () => undefined);
  closeSync(log);
  if (child.pid !== undefined)
    await writeFile(join(folderOf(settings), `${held.name}.pid`), `${child.pid}\n`);
  child.unref();
  await wait(150);
  if (child.pid === undefined || child.exitCode !== null) {
    throw new LabError(
      'helper-failed',
      `${held.name} did not start`,
      `Read ${join(folderOf(settings), `${held.name}.log`)}.`,
    );
  }
}

/** Ends a helper by its id; what does not end within two seconds is killed. */
export async function stopHeld(settings: LabSettings, name: string): Promise<void> {
  const id = await heldProcess(settings, name);
  if (id !== undefined) {
    process.kill(id, 'SIGTERM');
    for (let attempt = 0; attempt < 40 && (await heldProcess(settings, name)) !== undefined; attempt += 1) {
      await wait(50);
    }
    if ((await heldProcess(settings, name)) !== undefined) process.kill(id, 'SIGKILL');
  }
  await rm(join(folderOf(settings), `${name}.pid`), { force: true });
}
