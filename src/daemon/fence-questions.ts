import { closeSync, constants, existsSync, openSync, readdirSync, rmSync, watch, writeSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../ports/index.ts';
import { askUntilConfirmed, type FencingQuestion } from './ask-fencing.ts';

export interface FenceQuestionsOptions {
  /** Made for root alone where it is not there. */
  readonly folder: string;
  readonly ask: FencingQuestion['ask'];
  readonly role: (pool: string) => ReturnType<FencingQuestion['role']>;
  readonly log: Log;
  /** Milliseconds between two questions to the engine. */
  readonly pause?: FencingQuestion['pause'];
}

export interface FenceQuestions {
  close(): void;
}

/** After something that cannot happen. Milliseconds. */
const ANEW = 1000;
/** For a handler that has made its FIFO and not opened it yet. Milliseconds. */
const OPENS_WITHIN = 20;

/**
 * Answers DRBD's fence-peer handlers (agents/drbd/fence-peer.sh): each leaves a FIFO `POOL.PID` in the folder, and waits
 * for the exit code in it. A program that spoke to the socket itself would need a runtime of its own, whose start every
 * failover would wait for with its I/O frozen. Questions that an engine before this one has left are answered too.
 */
export async function answerFenceQuestions(options: FenceQuestionsOptions): Promise<FenceQuestions> {
  const { folder, log } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const underWay = new Set<string>();
  let isClosed = false;
  const consider = (name: string | null): void => {
    const asked = /^(.+)\.([0-9]+)$/.exec(name ?? '');
    if (name === null || asked === null || isClosed || underWay.has(name)) return;
    const path = join(folder, name);
    if (!existsSync(path)) return;
    const [, pool = '', process = ''] = asked;
    const isAwaited = (): boolean => !isClosed && existsSync(`/proc/${process}`);
    underWay.add(name);
    const ended = (): void => {
      // In the same moment: who asks again under this name is heard again.
      if (!isClosed) rmSync(path, { force: true });
      underWay.delete(name);
    };
    answer(pool, path, isAwaited, options).then(ended, (problem: unknown) => {
      log.error('fence-peer', `${pool}: ${String(problem)}`);
      underWay.delete(name);
      // The kernel still waits.
      setTimeout(() => consider(name), ANEW).unref();
    });
  };
  const watcher = watch(folder, (_event, name) => consider(name));
  watcher.on('error', (problem) => log.error('fence-peer', `${folder} is not watched: ${problem.message}`));
  for (const name of readdirSync(folder)) consider(name);
  return {
    close: () => {
      isClosed = true;
      watcher.close();
    },
  };
}

async function answer(
  pool: string,
  path: string,
  isAwaited: () => boolean,
  { ask, role, log, pause }: FenceQuestionsOptions,
): Promise<void> {
  const code = await askUntilConfirmed(pool, {
    ask,
    role: () => role(pool),
    tell: (line) => log.warn('fence-peer', line),
    isAwaited,
    ...(pause === undefined ? {} : { pause }),
  });
  if (code === undefined) return;
  while (isAwaited()) {
    const descriptor = openForWriting(path);
    if (descriptor !== undefined) {
      writeSync(descriptor, `${code}\n`);
      closeSync(descriptor);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, OPENS_WITHIN));
  }
}

/** Undefined: nobody has it open for reading. */
function openForWriting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw problem;
  }
}
