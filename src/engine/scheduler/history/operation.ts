import type { HistoryEntry } from '../../../model/index.ts';

/** Exit codes of agents (OCF Resource Agent API, "Return values"). */
export const EXIT = {
  ok: 0,
  invalidParameter: 2,
  notImplemented: 3,
  notPermitted: 4,
  notInstalled: 5,
  notConfigured: 6,
  notRunning: 7,
  promoted: 8,
  failedPromoted: 9,
  degraded: 190,
  degradedPromoted: 191,
} as const;

/** How carrying out went, whatever the agent said of its resource (`op-status`). */
export const OUTCOME = {
  pending: -1,
  done: 0,
  cancelled: 1,
  timeout: 2,
  notSupported: 3,
  error: 4,
  /** Not again on this node. */
  hardError: 5,
  /** Not again anywhere. */
  fatalError: 6,
  notInstalled: 7,
  notConnected: 8,
  invalid: 9,
  noFenceDevice: 10,
  noSecrets: 11,
} as const;

/** A recorded operation with its numbers read. */
export interface Operation {
  readonly entry: HistoryEntry;
  readonly task: string;
  /** `drbd_monitor_10000`; records of failures have another id than key. */
  readonly key: string;
  /** Milliseconds. */
  readonly interval: number;
  /** In the order of execution on the node; -1 while under way. */
  readonly callId: number;
  readonly exit: number;
  /** One of `OUTCOME`; undefined where nothing that can be understood is recorded. */
  readonly outcome: number | undefined;
  /** -1: not recorded. */
  readonly expectedExit: number;
  /** Seconds since 1970. */
  readonly lastChange: number | undefined;
  /** Looked once whether it runs. */
  readonly isProbe: boolean;
}

const LEAST_INTEGER = -2_147_483_648;
const MOST_INTEGER = 2_147_483_647;
const MOST_INTERVAL = 4_294_967_295;

/** What cannot be understood counts as -1. */
export function readInteger(text: string): number {
  const value = Number.parseInt(text, 10);
  return value >= LEAST_INTEGER && value <= MOST_INTEGER ? value : -1;
}

/** Seconds since 1970. */
export function readMoment(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number.parseInt(text, 10);
  return Number.isNaN(value) ? undefined : value;
}

function readInterval(text: string | undefined): number {
  if (text === undefined || text === '0') return 0;
  const value = Number.parseInt(text, 10);
  return value >= 0 && value <= MOST_INTERVAL ? value : 0;
}

const TRANSITION_KEY = /^\s*[+-]?\d+:\s*([+-]?\d+):\s*([+-]?\d+):\s*(\S{1,36})/;

/** The third part of a transition key, `ACTION:TRANSITION:EXPECTED:CONTROLLER`. */
function readExpectedExit(transitionKey: string | undefined): number {
  if (transitionKey === undefined) return -1;
  const first = transitionKey.indexOf(':');
  const second = transitionKey.indexOf(':', first + 1);
  const third = transitionKey.indexOf(':', second + 1);
  if (first < 1 || second < 0 || third < 0) return -1;
  return readInteger(transitionKey.slice(second + 1, third));
}

const TRANSITION_MAGIC = /^\s*[+-]?\d+:\s*[+-]?\d+;\s*(\S+)/;

/** The transition by which an operation was ordered, and the controller that did. */
export function transitionOf(
  entry: HistoryEntry,
): { readonly id: number; readonly controller: string } | undefined {
  const magic = entry.fields['transition-magic'];
  const key = magic === undefined ? undefined : TRANSITION_MAGIC.exec(magic)?.[1];
  const match = key === undefined ? null : TRANSITION_KEY.exec(key);
  return match === null ? undefined : { id: Number(match[1]), controller: match[3] ?? '' };
}

export function readOperation(entry: HistoryEntry): Operation {
  const { operation: task, fields } = entry;
  const interval = readInterval(fields['interval']);
  const callId = fields['call-id'];
  const exit = fields['rc-code'];
  const outcome = fields['op-status'];
  return {
    entry,
    task,
    key: fields['operation_key'] ?? entry.id,
    interval,
    callId: callId === undefined ? -1 : readInteger(callId),
    exit: exit === undefined ? EXIT.ok : readInteger(exit),
    outcome: outcome === undefined ? undefined : readOutcome(outcome),
    expectedExit: readExpectedExit(fields['transition-key']),
    lastChange: readMoment(fields['last-rc-change']),
    isProbe: task === 'monitor' && interval === 0,
  };
}

function readOutcome(text: string): number | undefined {
  const value = readInteger(text);
  return value >= OUTCOME.pending && value <= OUTCOME.noSecrets ? value : undefined;
}

/** A probe that could not even look: the agent or what it needs is not there, so nothing runs there either. */
export function isFailedLook({ isProbe, exit, outcome }: Operation): boolean {
  if (!isProbe) return false;
  return exit === EXIT.notInstalled || exit === EXIT.invalidParameter || outcome === OUTCOME.notInstalled;
}

/** Kept beside the newer results, so that a failure stays known after a success. */
export function isLastFailure({ entry }: Operation): boolean {
  return entry.id.endsWith('_last_failure_0');
}
