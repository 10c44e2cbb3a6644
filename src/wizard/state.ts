import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { failed, failure, success, type Result } from '../model/index.ts';
import type { Answers } from './answers.ts';
import type { Plan } from './plan.ts';
import type { Memory } from './run/step.ts';

/** How far a set-up is, as far as it is not seen by asking. Holds secrets. */
export interface SetupState {
  readonly format: 1;
  readonly joinCode?: string;
  /** From a file. */
  readonly given: Answers;
  readonly replies: Readonly<Record<string, string>>;
  /** Once a person has said yes to it: from then on it is only carried out. */
  readonly plan?: Plan;
  readonly memory: Memory;
}

export const noState: SetupState = { format: 1, given: {}, replies: {}, memory: {} };

/** As before a person said yes. */
export const withoutPlan = ({ format, joinCode, given, replies, memory }: SetupState): SetupState => ({
  format,
  ...(joinCode === undefined ? {} : { joinCode }),
  given,
  replies,
  memory,
});

/** In a file that only its owner reads; after a crash at any moment it is the old or the new one. */
export class StateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined where there is none. `answers_invalid` where it cannot be understood: it is nobody else's to write. */
  async read(): Promise<Result<SetupState | undefined>> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return success(undefined);
      return failed(failure('not_allowed', `${this.#path}: ${(problem as Error).message}`));
    }
    try {
      const state = JSON.parse(text) as SetupState;
      const { format } = state as { readonly format: unknown };
      if (format === 1) return success(state);
    } catch {
      // Said below.
    }
    const how = 'begin anew with `keelson setup --start-over`';
    return failed(failure('answers_invalid', `${this.#path} is no state of a set-up; ${how}`));
  }

  async write(state: SetupState): Promise<void> {
    await writePrivately(this.#path, `${JSON.stringify(state, undefined, 2)}\n`);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
    await syncFolder(this.#path);
  }

  /**
   * Keeps a second set-up out while this process lives, however it ends: the kernel gives an abstract name back
   * (unix(7)). `setup_running` where there is one.
   */
  lock(): Promise<Result<() => void>> {
    const name = createHash('sha256').update(this.#path).digest('hex').slice(0, 32);
    const { promise, resolve } = Promise.withResolvers<Result<() => void>>();
    const server = createServer();
    server.on('error', () =>
      resolve(failed(failure('setup_running', 'another `keelson setup` runs on this machine'))),
    );
    server.listen(`\0keelson-setup-${name}`, () => {
      server.unref();
      resolve(success(() => void server.close()));
    });
    return promise;
  }
}

/** Replaces a file's whole content, for its owner's eyes alone, so that it survives a power cut. */
export async function writePrivately(path: string, content: string): Promise<void> {
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(path);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
