import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../../../lab/error.ts';
import type { Progress } from '../../../lab/progress.ts';
import type { San } from '../../../trial/san.ts';
import { bytesOfLun, lunName } from '../luns.ts';

/** Requests under way at once. More only queue up: LVM's changes of one volume group come one after the other. */
const CLIENTS = 8;
/** Seconds that the API waits for each. */
const WAIT = 40;
/** Milliseconds for one LUN, from the first request for it. */
const PATIENCE = 900_000;
const AGAIN = 1000;
/** Answers to be asked again after: nothing is wrong, it is only not the time. */
const passing = new Set(['busy', 'lun_busy', 'not_synchronised', 'pool_not_ready', 'engine_unreachable']);

/** Makes these LUNs, several at once; what is there already stays as it is. */
export async function makeLuns(san: San, luns: readonly number[], progress: Progress): Promise<void> {
  const left = [...luns];
  let made = 0;
  const client = async (): Promise<void> => {
    for (let lun = left.shift(); lun !== undefined; lun = left.shift()) {
      await makeLun(san, lun);
      made += 1;
      if (made % 25 === 0 || made === luns.length) progress(`${made} of ${luns.length} LUNs made`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CLIENTS, luns.length) }, client));
}

/** Asks until the LUN is exported; what is there already stays as it is. */
export async function makeLun(san: San, lun: number): Promise<void> {
  const name = lunName(lun);
  const end = performance.now() + PATIENCE;
  let last = 'no answer';
  while (performance.now() < end) {
    const answer = await san
      .call('san-a', 'POST', `/luns?wait=${WAIT}`, { name, size: bytesOfLun(lun) })
      .catch((error: unknown) => (error as Error).message);
    if (typeof answer === 'string') {
      last = answer;
    } else if (answer.status === 200 || answer.status === 201) {
      return;
    } else if (answer.status >= 300) {
      const { code } = answer.body as { readonly code?: string };
      last = JSON.stringify(answer.body);
      if (code === undefined || !passing.has(code)) break;
    }
    await wait(AGAIN);
  }
  throw new LabError('command-failed', `LUN ${name} was not made: ${last}`, 'See `keelson status`.');
}
