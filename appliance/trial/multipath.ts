import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
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

const said = z.object({
  maps: z.array(
    z.object({
      uuid: z.string(),
      name: z.string(),
      path_groups: z.array(
        z.object({ paths: z.array(z.object({ dm_st: z.string(), chk_st: z.string(), dev_st: z.string() })) }),
      ),
    }),
  ),
});

/** What `multipathd show maps json` says: what the daemon knows, where `multipath -ll` looks itself and does not wait. */
export function readMultipath(text: string): readonly MultipathDevice[] {
  return said.parse(JSON.parse(text)).maps.map(({ uuid: wwid, name, path_groups: groups }) => {
    const paths = groups.flatMap((group) => group.paths);
    const ready = paths.filter(
      ({ dm_st, chk_st, dev_st }) => dm_st === 'active' && chk_st === 'ready' && dev_st === 'running',
    );
    return { wwid, name, ready: ready.length, paths: paths.length };
  });
}

export const multipathOf = async (lab: Lab): Promise<readonly MultipathDevice[]> =>
  readMultipath(await lab.node('client').demand('multipathd show maps json', { timeout: 120_000 }));

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
        'See `multipathd show paths` on the host.',
      );
    await wait(2000);
  }
}
