import { setTimeout as wait } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.ts';
import type { Progress } from '../../lab/progress.ts';
import type { StorageNodeName } from '../../lab/topology.ts';

/** Looking costs the machines processor time: seldom, and nothing that needs more than a file's words. Milliseconds. */
const LOOK = 2000;
const LOOK_TIMEOUT = 120_000;
const MINUTE = 60_000;
/** Writes after which the host is believed to go on. */
const ENOUGH = 5;

/** How many writes the host's device has completed since it was made; undefined: it does not say just now. */
async function writesOf(lab: Lab, device: string): Promise<number | undefined> {
  const script = `read -r _ _ _ _ writes _ <"/sys/block/$(basename "$(readlink -f ${device})")/stat"; echo "$writes"`;
  const said = await lab
    .node('client')
    .run(script, { timeout: LOOK_TIMEOUT })
    .catch(() => undefined);
  return said?.exitCode === 0 ? Number(said.stdout) : undefined;
}

async function isPrimary(lab: Lab, node: StorageNodeName): Promise<boolean> {
  const said = await lab
    .node(node)
    .run(['cat', '/proc/drbd'], { timeout: LOOK_TIMEOUT })
    .catch(() => undefined);
  return said?.stdout.includes('ro:Primary/') === true;
}

/**
 * Waits until this node has taken over, by its kernel, and the host writes again, by its own. False where that is not so
 * after so many milliseconds.
 */
export async function writesAgain(
  lab: Lab,
  device: string,
  taker: StorageNodeName,
  limit: number,
  progress: Progress,
): Promise<boolean> {
  const start = performance.now();
  let told = 0;
  let before: number | undefined;
  while (performance.now() < start + limit) {
    if (before !== undefined) {
      if (((await writesOf(lab, device)) ?? 0) >= before + ENOUGH) return true;
    } else if (await isPrimary(lab, taker)) {
      before = await writesOf(lab, device);
    }
    const minutes = Math.floor((performance.now() - start) / MINUTE);
    if (minutes > told) {
      told = minutes;
      progress(
        `${minutes} min: ${taker} is ${before === undefined ? 'not promoted' : 'promoted, and the host does not write'}`,
      );
    }
    await wait(LOOK);
  }
  return false;
}
