import { milliseconds, type Milliseconds, type Primitive } from '../../model/index.ts';
import { timer } from '../controller/draft.ts';
import type { Draft } from '../controller/state.ts';
import { isUnwatched } from '../planner/index.ts';
import { activeHere } from './definitions.ts';
import { changeExecutor, isBusy, lookAtAll } from './work.ts';

/** Resources that are looked at together; the rounds of many are spread over the interval, so that none is a burst. */
const TOGETHER = 50;

/**
 * Recurring monitors and watches follow what runs here: active instances are looked at every interval, and the
 * kernel's own events of those whose agent has them are listened to.
 */
export function tend(draft: Draft): void {
  const active = activeHere(draft.state);
  const { tended, monitoring } = draft.state.executor;
  if (active === tended) return;
  const watched = watch(draft, active);
  if (!monitoring && active.length > 0) timer(draft, 'monitor', pauseFor(active));
  changeExecutor(draft, { tended: active, watched, monitoring: monitoring || active.length > 0 });
}

function watch(draft: Draft, active: readonly Primitive[]): ReadonlySet<string> {
  const { watched } = draft.state.executor;
  const wanted = active.filter(({ agent }) => agent === 'drbd');
  for (const { id, agent, parameters } of wanted)
    if (!watched.has(id)) draft.effects.push({ kind: 'watch', resource: id, agent, parameters });
  const now = new Set(wanted.map(({ id }) => id));
  for (const resource of watched) if (!now.has(resource)) draft.effects.push({ kind: 'unwatch', resource });
  return now;
}

/** The next of those that run here are looked at; what is busy is looked at by the work on it. */
export function onMonitorTimer(draft: Draft): void {
  const { executor, config, self } = draft.state;
  const active = executor.tended;
  if (active.length === 0) return changeExecutor(draft, { monitoring: false });
  const start = executor.lookedAt < active.length ? executor.lookedAt : 0;
  const next = active.slice(start, start + TOGETHER);
  changeExecutor(draft, { lookedAt: start + next.length });
  lookAtAll(
    draft,
    next.filter(({ id }) => !isBusy(executor, id) && !isUnwatched(config.current, id, self)),
  );
  timer(draft, 'monitor', pauseFor(active));
}

/** Between two rounds, so that all are looked at within the shortest of their intervals. */
function pauseFor(active: readonly Primitive[]): Milliseconds {
  const interval = Math.min(...active.map(({ monitorInterval }) => monitorInterval));
  return milliseconds(Math.floor(interval / Math.ceil(active.length / TOGETHER)));
}
