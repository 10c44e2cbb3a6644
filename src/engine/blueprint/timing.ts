import { milliseconds, type Milliseconds, type OperationName } from '../../model/index.ts';

/** Seconds an operation may take on a real machine. */
const TIMEOUTS: Readonly<Record<OperationName, number>> = {
  start: 20,
  stop: 20,
  monitor: 10,
  promote: 30,
  demote: 30,
  reload: 20,
  create: 120,
  grow: 120,
  remove: 120,
  reconnect: 30,
};
/** The first metadata of a whole disk. */
const MIRROR_CREATE_TIMEOUT = 300;
const MONITOR_INTERVAL = 10;
/** However patient: a monitor less often than this (in seconds) would find a failure too late. */
const LONGEST_MONITOR_INTERVAL = 30;

export type Timeouts = Readonly<Record<OperationName, Milliseconds>>;

const patiently = (duration: number, patience: number): Milliseconds =>
  milliseconds(Math.round(duration * 1000 * patience));

export const timeouts = (patience: number, kind: 'mirror' | 'other'): Timeouts => ({
  start: patiently(TIMEOUTS.start, patience),
  stop: patiently(TIMEOUTS.stop, patience),
  monitor: patiently(TIMEOUTS.monitor, patience),
  promote: patiently(TIMEOUTS.promote, patience),
  demote: patiently(TIMEOUTS.demote, patience),
  reload: patiently(TIMEOUTS.reload, patience),
  create: patiently(kind === 'mirror' ? MIRROR_CREATE_TIMEOUT : TIMEOUTS.create, patience),
  grow: patiently(TIMEOUTS.grow, patience),
  remove: patiently(TIMEOUTS.remove, patience),
  reconnect: patiently(TIMEOUTS.reconnect, patience),
});

export const monitorInterval = (patience: number): Milliseconds =>
  patiently(Math.min(Math.max(MONITOR_INTERVAL * patience, MONITOR_INTERVAL), LONGEST_MONITOR_INTERVAL), 1);
