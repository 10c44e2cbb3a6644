import { milliseconds } from '../../model/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import { koffi } from '../foreign.ts';

/** Signs of life in the time that systemd waits for one. */
const SIGNS = 4;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Tells systemd that this process is up, and again and again that its event loop turns, where it was asked to
 * (sd_watchdog_enabled(3): `WATCHDOG_USEC`, in microseconds, for the process `WATCHDOG_PID`; systemd counts from the
 * first word on). Node cannot write to a datagram socket, so libsystemd does, which is there wherever systemd is.
 * Gives whether systemd asked for signs of life.
 */
export function startWatchdog(environment: Environment, clock: Clock, log: Log): boolean {
  if (environment['NOTIFY_SOCKET'] === undefined) return false;
  const notify = koffi.load('libsystemd.so.0').func('sd_notify', 'int', ['int', 'str']) as Notify;
  notify(0, 'READY=1');
  const wait = Number(environment['WATCHDOG_USEC'] ?? 0) / 1000;
  const isForThis = (environment['WATCHDOG_PID'] ?? String(process.pid)) === String(process.pid);
  if (!(wait > 0) || !isForThis) return false;
  const every = milliseconds(Math.max(1, Math.floor(wait / SIGNS)));
  const live = (): void => {
    const result = notify(0, 'WATCHDOG=1');
    // systemd would end a healthy engine now: that must be found in the log.
    if (result < 0) log.error('systemd', `no sign of life could be given: errno ${-result}`);
    clock.after(every, live);
  };
  live();
  return true;
}

/** sd_notify(3): positive where it was sent, 0 where nobody listens, else a negative errno. */
type Notify = (unsetEnvironment: number, state: string) => number;
