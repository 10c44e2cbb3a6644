import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pause } from '../pause.ts';

const restartDelay = 1000;

/** Follows one `drbdsetup events2` until it ends or the signal aborts. */
async function followOnce(pool: string, signal: AbortSignal, onEvent: () => void): Promise<void> {
  // It must not outlive this process, however that ends.
  const args = ['--pdeathsig', 'KILL', 'drbdsetup', 'events2', 'all'];
  const child = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const stop = (): void => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const ended = new Promise<void>((resolve) => {
      child.once('error', () => {
        resolve();
      });
      child.once('close', () => {
        resolve();
      });
    });
    const mine = ` name:${pool} `;
    createInterface({ input: child.stdout }).on('line', (line) => {
      // `exists -` ends the first picture: between two lives of this process something may have been missed.
      if (`${line} `.includes(mine) || line.startsWith('exists -')) onEvent();
    });
    if (signal.aborted) stop();
    await ended;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Calls `onEvent` whenever the kernel tells something of the pool, and once at the beginning, until the signal aborts.
 * All resources are followed and the others' lines dropped: a pool that does not exist yet cannot be named.
 */
export async function followKernel(pool: string, signal: AbortSignal, onEvent: () => void): Promise<void> {
  while (!signal.aborted) {
    await followOnce(pool, signal, onEvent);
    if (!(await pause(restartDelay, signal))) return;
  }
}
