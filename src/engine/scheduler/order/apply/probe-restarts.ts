import { LINK, type Action, type Link } from '../../actions/action.ts';
import { actionKey } from '../../actions/key.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { TASK } from '../../actions/task.ts';
import { isTrue } from '../../rules/values.ts';
import type { Resource } from '../../unpack/resource.ts';
import { compatibleInstance } from '../update/compatible.ts';
import type { Solver } from '../update/solver.ts';

/** Looks at links as they were when it was made; to be called when all flags are known. */
export type ProbeRestarts = (solver: Solver) => void;

interface Search {
  readonly solver: Solver;
  readonly probe: Action;
  readonly probed: Resource;
  /** What can lead to a restart at all. */
  readonly leads: ReadonlySet<Action>;
  /** How many links each action had when orderings had been applied. */
  readonly counts: readonly number[];
}

/**
 * A probe goes before the start of what is ordered after its resource; where that start belongs to a restart, it has to
 * go before the stop as well, and so on for all that restarts because of it. Such links change no flags, so only those
 * to stops that will happen are made.
 */
export function createProbeRestarts(builder: ActionBuilder): ProbeRestarts {
  const counts: number[] = [];
  for (const action of builder.all) counts[action.id] = action.after.length;
  return (solver) => {
    const leads = leadsToRestarts(builder);
    if (leads.size === 0) return;
    for (const resource of builder.assigned.resources) orderProbesOf(solver, resource, leads, counts);
  };
}

function orderProbesOf(
  solver: Solver,
  resource: Resource,
  leads: ReadonlySet<Action>,
  counts: readonly number[],
): void {
  const { builder } = solver;
  for (const child of builder.childrenOf(resource)) orderProbesOf(solver, child, leads, counts);
  if (resource.kind !== 'primitive') return;
  for (const probe of builder.keyed(resource, actionKey(resource, TASK.monitor))) {
    if (probe.task !== TASK.monitor) continue;
    const search: Search = { solver, probe, probed: resource, leads, counts };
    for (const { action } of linksAfter(search, probe)) orderBeforeRestarts(search, action);
  }
}

/** The newest first. */
function linksAfter({ counts }: Search, action: Action): readonly Link[] {
  return action.after.slice(0, counts[action.id] ?? 0).reverse();
}

function orderBeforeRestarts(search: Search, from: Action): void {
  const seen = new Set<Action>();
  const waiting = [from];
  for (let after = waiting.pop(); after !== undefined; after = waiting.pop()) {
    if (seen.has(after) || !search.leads.has(after)) continue;
    seen.add(after);
    const { resource } = after;
    if (resource?.kind === 'primitive' && resource !== search.probed) {
      for (const stop of restartStops(search.solver.builder, after)) {
        search.solver.builder.link(search.probe, stop, LINK.sequence);
      }
    }
    const counterpart = counterpartOf(search, after);
    for (const link of linksAfter(search, after)) {
      if (leadsOn(search, after, link, counterpart)) waiting.push(link.action);
    }
  }
}

/** Of an interleaved clone only the instance counts that goes with what is probed; `undefined`: all of them do. */
function counterpartOf(
  { solver, probed }: Search,
  { resource }: Action,
): { instance: Resource | undefined } | undefined {
  if (resource?.kind !== 'clone' || !isTrue(resource.meta.get('interleave'))) return undefined;
  return { instance: compatibleInstance(solver, probed, resource, false) };
}

/** What must follow does; from groups and clones it goes on to their members and instances. */
function leadsOn(
  { probed }: Search,
  after: Action,
  link: Link,
  counterpart: { readonly instance: Resource | undefined } | undefined,
): boolean {
  if ((link.given & LINK.firstImpliesThen) !== 0) return true;
  const { resource } = after;
  const next = link.action.resource;
  if (resource === undefined || resource.kind === 'primitive' || probed.parent === resource) return false;
  if (next === undefined || next.kind === 'clone' || next.parent !== resource) return false;
  return counterpart === undefined || counterpart.instance === next;
}

/** Stops that belong to a start, demotions that belong to a promotion, where they really happen. */
function restartStops(builder: ActionBuilder, action: Action): readonly Action[] {
  const { resource } = action;
  const task = undoneFirst(action.task);
  if (resource === undefined || task === undefined) return [];
  return builder
    .keyed(resource, actionKey(resource, task))
    .filter((stop) => !stop.isPseudo && (!stop.isOptional || stop.isShownAlways));
}

function undoneFirst(task: string): string | undefined {
  if (task === TASK.start) return TASK.stop;
  return task === TASK.promote ? TASK.demote : undefined;
}

/** Everything from which a start or promotion that belongs to a restart can be reached along links. */
function leadsToRestarts(builder: ActionBuilder): ReadonlySet<Action> {
  const leads = new Set<Action>();
  const waiting = builder.all.filter(
    (action) => action.resource?.kind === 'primitive' && restartStops(builder, action).length > 0,
  );
  for (let action = waiting.pop(); action !== undefined; action = waiting.pop()) {
    if (leads.has(action)) continue;
    leads.add(action);
    for (const link of action.before) waiting.push(link.action);
  }
  return leads;
}
