import {
  failure,
  milliseconds,
  type Milliseconds,
  type NodeName,
  type NodeStatus,
} from '../../model/index.ts';
import { change } from './draft.ts';
import type { Sync } from './messages.ts';
import { onNotice } from './notices.ts';
import type { Draft, EngineState } from './state.ts';

/**
 * Two times. `now` only runs: all that is waited for or measured is by it, and it means nothing on another node. The
 * time of day is for people and for records; a clock that is a year off, or jumps, changes no decision.
 */

/** Clocks that differ by more (in milliseconds) are told of, until they differ by clearly less. */
const DIFFERENCE = 10_000;
const DIFFERENCE_OVER = 8000;
/** A heartbeat that took longer (in milliseconds) tells nothing of clocks. */
const FRESH = 2000;

/** The time of day of a point in this engine's time. */
export const timeOfDay = (state: EngineState, at: Milliseconds): Milliseconds =>
  milliseconds(at + state.wallOffset);

export const timeOfDayNow = (draft: Draft): Milliseconds => timeOfDay(draft.state, draft.now);

export const onClock = (draft: Draft, offset: Milliseconds): void => change(draft, { wallOffset: offset });

/** A sync's times, as this engine's clock would have shown them. */
export function inOwnTime(sync: Sync, now: Milliseconds): Sync {
  const shift = now - sync.now;
  const nodes = Object.entries(sync.nodes).map(([name, node]): [NodeName, NodeStatus] => [
    name,
    shifted(node, (at) => milliseconds(at + shift)),
  ]);
  return { ...sync, now, nodes: Object.fromEntries(nodes) };
}

function shifted(node: NodeStatus, move: (at: Milliseconds) => Milliseconds): NodeStatus {
  const { fencing, devices, notices, leaving } = node;
  return {
    ...node,
    since: move(node.since),
    fencing: fencing && { ...fencing, since: move(fencing.since) },
    ...(devices && { devices: mapped(devices, (device) => ({ ...device, since: move(device.since) })) }),
    ...(notices && {
      notices: mapped(notices, (notice) => ({ ...notice, since: move(notice.since) })),
    }),
    ...(leaving !== undefined && { leaving: move(leaving) }),
    instances: mapped(node.instances, (instance) => ({
      ...instance,
      failures: instance.failures && { ...instance.failures, lastAt: move(instance.failures.lastAt) },
    })),
  };
}

const mapped = <Value>(
  values: Readonly<Record<string, Value>>,
  to: (value: Value) => Value,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));

/** What another node's heartbeat says of its clock. */
export function noteClock(draft: Draft, node: NodeName, wall: Milliseconds): void {
  const ahead = milliseconds(wall - timeOfDayNow(draft));
  change(draft, { clocksAhead: { ...draft.state.clocksAhead, [node]: ahead } });
}

/**
 * When this engine's own heartbeat came back at once, those of the others were heard at once too: what they differ by
 * is no delay then.
 */
export function compareClocks(draft: Draft): void {
  const { beatSentAt, clocksAhead, status, self } = draft.state;
  if (beatSentAt === undefined || draft.now - beatSentAt > FRESH) return;
  for (const [node, ahead] of Object.entries(clocksAhead)) {
    const key = `clock-${node}`;
    const isKnown = status.nodes[self]?.notices?.[key] !== undefined;
    const difference = Math.abs(ahead);
    if (!isKnown && difference > DIFFERENCE) {
      const direction = ahead > 0 ? 'ahead of' : 'behind';
      const message = `the clock of ${node} is ${inWords(difference)} ${direction} that of ${self}`;
      onNotice(draft, key, failure('clock_differs', message));
    } else if (isKnown && difference < DIFFERENCE_OVER) onNotice(draft, key, undefined);
  }
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

const inWords = (duration: number): string =>
  duration >= 2 * DAY
    ? `${Math.round(duration / DAY)} days`
    : duration >= 2 * HOUR
      ? `${Math.round(duration / HOUR)} hours`
      : `${Math.round(duration / SECOND)} seconds`;
