import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failed, failure, success, type Result } from '../../model/index.ts';

export interface Watchdog {
  /** What its driver calls itself; undefined where the kernel does not tell. */
  readonly identity: string | undefined;
  /** Somebody has it open: it resets the node unless it is told again and again that all is well. */
  readonly isActive: boolean;
  /** A timer of the kernel itself, which ends with the kernel. */
  readonly isSoft: boolean;
}

/** Never opens it: that would start it. `watchdog_missing` where there is none. */
export async function lookAtWatchdog(
  device: string,
  folder = '/sys/class/watchdog',
): Promise<Result<Watchdog>> {
  const found = await stat(device).catch(() => undefined);
  if (found?.isCharacterDevice() !== true)
    return failed(failure('watchdog_missing', `${device} ${found ? 'is no watchdog' : 'does not exist'}`));
  // The older name stands for the first one.
  const name = basename(device) === 'watchdog' ? 'watchdog0' : basename(device);
  const attribute = async (which: string): Promise<string | undefined> =>
    (await readFile(join(folder, name, which), 'utf8').catch(() => undefined))?.trim();
  const identity = await attribute('identity');
  return success({
    identity,
    isActive: (await attribute('state')) === 'active',
    isSoft: identity === 'Software Watchdog',
  });
}
