import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { followKernel } from './kernel-events.ts';
import type { KernelStatus } from './kernel-status.ts';
import type { DrbdParameters } from './parameters.ts';

type Readiness = 'has-data' | 'empty-pair' | 'not-yet';

/** What a new pool still needs: nothing where any disk carries data, the first data where both are known to have none. */
export function readiness(status: KernelStatus | undefined): Readiness {
  if (status === undefined) return 'not-yet';
  if (status.disk === 'UpToDate' || status.peerDisk === 'UpToDate') return 'has-data';
  const bothEmpty = status.disk === 'Inconsistent' && status.peerDisk === 'Inconsistent';
  return status.connection === 'Connected' && bothEmpty ? 'empty-pair' : 'not-yet';
}

/** Waits, by the kernel's word, until the pair has met or has data. undefined: the signal was aborted first. */
async function untilReady(
  pool: string,
  look: () => Promise<KernelStatus | undefined>,
  signal: AbortSignal,
): Promise<Exclude<Readiness, 'not-yet'> | undefined> {
  const first = readiness(await look());
  if (first !== 'not-yet') return first;
  const done = new AbortController();
  let found: Exclude<Readiness, 'not-yet'> | undefined;
  let fault: Error | undefined;
  await followKernel(pool, AbortSignal.any([signal, done.signal]), () => {
    look().then(
      (status) => {
        const now = readiness(status);
        if (now === 'not-yet') return;
        found = now;
        done.abort();
      },
      (error: unknown) => {
        fault = error instanceof Error ? error : new Error(String(error));
        done.abort();
      },
    );
  });
  if (fault !== undefined) throw fault;
  return found;
}

/** Gives a new pool its first data: this node's disk, whatever it holds, becomes UpToDate, the peer's is filled from it. */
export async function initialise(
  { pool, minor }: DrbdParameters,
  look: () => Promise<KernelStatus | undefined>,
  context: AgentContext,
): Promise<Result<undefined>> {
  const ready = await untilReady(pool, look, context.signal);
  switch (ready) {
    case 'has-data':
      return success(undefined);
    case 'empty-pair': {
      const forced = await runSuccessfully(context, 'drbdsetup', ['primary', String(minor), '--force']);
      return forced.ok ? success(undefined) : forced;
    }
    case undefined: {
      const status = await look();
      const seen =
        status === undefined ? 'not started' : `${status.connection}, ${status.disk}/${status.peerDisk}`;
      return failed(failure('agent_timeout', `the disks of the new pool ${pool} did not meet: ${seen}`));
    }
  }
}
