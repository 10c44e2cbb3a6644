import { setTimeout as wait } from 'node:timers/promises';
import type { Lab } from '../lab/lab.ts';
import { LabError } from '../lab/error.ts';

/** One of the host's multipath devices. */
export interface MultipathDevice {
  readonly wwid: string;
  readonly name: string;
  /** Paths that work, and all of them. */
  readonly ready: number;
  readonly paths: number;
}

/** What `multipath -ll` says: a line `NAME (WWID) dm-N VENDOR,PRODUCT`, and below it one line `H:C:T:L sdX` per path. */
export function readMultipath(text: string): readonly MultipathDevice[] {
  const devices: { wwid: string; name: string; ready: number; paths: number }[] = [];
  for (const line of text.split('\n')) {
    const [, name = '', wwid = ''] = /^(\S+) \((\S+)\) dm-\d+ /.exec(line) ?? [];
    if (wwid !== '') devices.push({ wwid, name, ready: 0, paths: 0 });
    const device = devices.at(-1);
    if (device === undefined || !/\s\d+:\d+:\d+:\d+ sd/.test(line)) continue;
    device.paths += 1;
    if (/ active ready running/.test(line)) device.ready += 1;
  }
  return devices;
}

export const multipathOf = async (lab: Lab): Promise<readonly MultipathDevice[]> =>
  readMultipath(await lab.node('client').demand('multipath -ll', { timeout: 120_000 }));

/** Until so many paths of each of these are ready; an error after `timeout` (ms). */
export async function waitForPaths(
  lab: Lab,
  wwids: readonly string[],
  ready: number,
  timeout: number,
): Promise<readonly MultipathDevice[]> {
  const end = performance.now() + timeout;
  for (;;) {
    const devices = await multipathOf(lab);
    const found = wwids.map((wwid) => devices.filter((device) => device.wwid === wwid));
    const wrong = found.findIndex((same) => same.length !== 1 || same[0]?.ready !== ready);
    if (wrong === -1) return found.flat();
    if (performance.now() > end)
      throw new LabError(
        'command-failed',
        `the host has not ${ready} ready paths of one device with the WWID ${wwids[wrong] ?? ''}, but ${JSON.stringify(found[wrong])}`,
        'See `multipath -ll` on the host.',
      );
    await wait(2000);
  }
}
