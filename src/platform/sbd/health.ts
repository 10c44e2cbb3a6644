import { readFile } from 'node:fs/promises';
import {
  failure,
  milliseconds,
  seconds,
  type Failure,
  type Result,
  type SbdSettings,
} from '../../model/index.ts';
import type { Clock, HealthSource } from '../../ports/index.ts';
import { lookAtWatchdog, type Watchdog } from './watchdog.ts';

export interface SbdHealthOptions {
  /** Undefined where this node is not fenced by SBD. */
  readonly settings: () => SbdSettings | undefined;
  /** Why the daemon could not be started the last time. */
  readonly startFailure: () => Failure | undefined;
  /** Whether the disk can be read and is the one with that UUID. */
  readonly checkDisk: (disk: string, uuid: string) => Promise<Result<unknown>>;
  readonly clock: Pick<Clock, 'after'>;
  readonly isRunning?: () => Promise<boolean>;
  readonly watchdogOf?: (device: string) => Promise<Result<Watchdog>>;
}

const INTERVAL = seconds(15);

/** By the daemon's own file, and without another program: this is asked for as long as the node lives. */
async function isDaemonRunning(file = '/run/keelson-sbd.pid'): Promise<boolean> {
  const id = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (!/^[0-9]+$/.test(id)) return false;
  return (await readFile(`/proc/${id}/comm`, 'utf8').catch(() => '')).trim() === 'sbd';
}

/** Tells while a message to this node would not be obeyed, or its watchdog would not stand in for that. */
export function createSbdHealth({
  settings,
  startFailure,
  checkDisk,
  clock,
  isRunning = isDaemonRunning,
  watchdogOf = lookAtWatchdog,
}: SbdHealthOptions): HealthSource {
  const told = new Map<string, string>();
  let next: { cancel(): void } | undefined;
  let isClosed = false;

  async function findings(own: SbdSettings): Promise<ReadonlyMap<string, Failure>> {
    const found = new Map<string, Failure>();
    const runs = await isRunning();
    if (!runs) found.set('sbd', startFailure() ?? failure('sbd_not_running', 'the SBD daemon does not run'));
    const watchdog = await watchdogOf(own.watchdog);
    const amiss = watchdog.ok ? objection(own.watchdog, watchdog.value, runs) : watchdog.failure;
    if (amiss !== undefined) found.set('sbd-watchdog', amiss);
    for (const [disk, uuid] of Object.entries(own.disks)) {
      const checked = await checkDisk(disk, uuid);
      if (checked.ok) continue;
      const { code, message } = checked.failure;
      found.set(
        `sbd-disk ${disk}`,
        code === 'fence_unreachable' ? failure('sbd_disk_lost', message) : checked.failure,
      );
    }
    return found;
  }

  return {
    start(tell) {
      const look = async (): Promise<void> => {
        const own = settings();
        const found = own === undefined ? new Map<string, Failure>() : await findings(own);
        if (isClosed) return;
        for (const key of told.keys())
          if (!found.has(key)) {
            told.delete(key);
            tell(key, undefined);
          }
        for (const [key, one] of found) {
          // Every word wakes the engine: only what is new is said.
          if (told.get(key) === one.message) continue;
          told.set(key, one.message);
          tell(key, one);
        }
        next = clock.after(INTERVAL, () => void look());
      };
      next = clock.after(milliseconds(INTERVAL), () => void look());
    },
    close() {
      isClosed = true;
      next?.cancel();
    },
  };
}

function objection(
  device: string,
  { isActive, isSoft, identity }: Watchdog,
  daemonRuns: boolean,
): Failure | undefined {
  if (isSoft)
    return failure('watchdog_soft', `${device} is softdog, which does not outlive a kernel that hangs`);
  // A kernel that tells nothing of the watchdog does not say either that it is idle.
  if (daemonRuns && !isActive && identity !== undefined)
    return failure('watchdog_missing', `${device} (${identity}) is not armed although the SBD daemon runs`);
  return undefined;
}
