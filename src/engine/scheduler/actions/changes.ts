import type { AgentReference, HistoryEntry, NodeHistory, ResourceHistory } from '../../../model/index.ts';
import { activeRange } from '../history/active.ts';
import { failCount } from '../history/failures.ts';
import type { Node } from '../unpack/node.ts';
import { findOperation } from '../unpack/operation.ts';
import type { Resource } from '../unpack/resource.ts';
import { topOf } from './place.ts';
import { planCleanup } from './cleanup.ts';
import { compareDigest } from './digest.ts';
import { intervalOf } from './history.ts';
import { clearFailures, stopAction } from './make.ts';
import { forceRestart, planReload, reschedule } from './reload.ts';
import { planCancel } from './recurring.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';
import { requireUnfencing } from './unfence.ts';

/** Operations whose parameters are those that the resource was started with. */
const CHECKED = new Set<string>([TASK.monitor, TASK.start, TASK.promote, TASK.migrateFrom]);

/**
 * Compares what the histories say with the definition: what runs with another agent or other parameters is restarted,
 * reloaded or scheduled anew; recurring operations that are no longer defined are cancelled; orphans are erased.
 * Maintenance mode cancels recurring operations too.
 */
export function planConfigurationChanges(builder: ActionBuilder): void {
  const { unpacked } = builder.assigned.scored;
  const byName = resourcesByName(unpacked.all);
  const recorded = new Map<string, NodeHistory>();
  for (const history of unpacked.input.document.nodes) {
    if (history.uname !== undefined && !recorded.has(history.uname)) recorded.set(history.uname, history);
  }
  const sorted = new Map<Node, Map<string, readonly HistoryEntry[]>>();
  for (const { node, id, entries } of unpacked.histories) {
    const ofNode = sorted.get(node) ?? new Map<string, readonly HistoryEntry[]>();
    ofNode.set(id, entries);
    sorted.set(node, ofNode);
  }
  for (const node of unpacked.nodes) {
    if (!node.isInMaintenance && !isAvailable(builder, node)) continue;
    for (const history of recorded.get(node.name)?.resources ?? []) {
      if (history.operations.length === 0) continue;
      const entries = sorted.get(node)?.get(history.id) ?? [];
      for (const resource of byName.get(history.id) ?? []) {
        checkHistory(builder, resource, node, history, entries);
      }
    }
  }
}

/** Several instances of a clone may be known by one name; the last one is looked at first. */
function resourcesByName(all: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const byName = new Map<string, Resource[]>();
  for (const resource of all) {
    if (resource.kind !== 'primitive') continue;
    for (const name of new Set([resource.id, resource.historyId ?? resource.id])) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [resource]);
      else known.unshift(resource);
    }
  }
  return byName;
}

function isAvailable(builder: ActionBuilder, node: Node): boolean {
  return (
    node.isOnline &&
    !node.isShuttingDown &&
    !builder.isUnclean(node) &&
    !node.isStandby &&
    !node.isInMaintenance
  );
}

function checkHistory(
  builder: ActionBuilder,
  resource: Resource,
  node: Node,
  history: ResourceHistory,
  entries: readonly HistoryEntry[],
): void {
  if (resource.isOrphan) {
    const top = topOf(resource);
    if (top.kind !== 'clone' || top.isUnique) planCleanup(builder, resource, node, false);
    return;
  }
  const isActive = resource.runningOn.includes(node);
  if (checkAgent(builder, resource, node, history.agent, isActive)) {
    planCleanup(builder, resource, node, false);
  }
  if (!isActive) return;
  const { start, stop } = activeRange(entries);
  if (start < stop) return;
  for (const [index, entry] of entries.entries()) {
    if (index >= start) checkEntry(builder, resource, node, entry);
  }
}

/** A resource that runs by another agent than the defined one is stopped, and started by the new one. */
function checkAgent(
  builder: ActionBuilder,
  resource: Resource,
  node: Node,
  recorded: AgentReference | undefined,
  isActive: boolean,
): boolean {
  const { agent } = resource;
  const isSame =
    agent?.type === recorded?.type &&
    agent?.standard === recorded?.standard &&
    agent?.provider === recorded?.provider;
  if (isSame) return false;
  requireUnfencing(builder, resource, node, 'Device definition changed');
  if (isActive) {
    stopAction(builder, resource, node, false);
    builder.startPending.add(resource);
  }
  return true;
}

function checkEntry(builder: ActionBuilder, resource: Resource, node: Node, entry: HistoryEntry): void {
  const interval = intervalOf(entry);
  if (interval > 0 && (resource.isInMaintenance || node.isInMaintenance)) {
    planCancel(builder, resource, entry.operation, interval, node, entry.fields['call-id']);
  } else if (interval > 0 || CHECKED.has(entry.operation)) {
    const { unpacked } = builder.assigned.scored;
    if (
      checkDefinition(builder, resource, node, entry) &&
      failCount(unpacked, resource, node, { isEffective: true }) !== 0
    ) {
      clearFailures(builder, resource, node);
    }
  }
}

/**
 * Plans what a changed definition of one recorded operation needs.
 * @returns whether it has changed
 */
export function checkDefinition(
  builder: ActionBuilder,
  resource: Resource,
  node: Node,
  entry: HistoryEntry,
): boolean {
  const { unpacked } = builder.assigned.scored;
  const { operation } = entry;
  const interval = intervalOf(entry);
  if (interval > 0 && findOperation(resource, operation, interval) === undefined) {
    if (unpacked.settings.stopsOrphanActions) {
      planCancel(builder, resource, operation, interval, node, entry.fields['call-id']);
    }
    return true;
  }
  const { outcome, isPrivateOnly } = compareDigest(unpacked, resource, node, entry);
  if (isPrivateOnly || outcome === 'match') return false;
  const task = interval === 0 && CHECKED.has(operation) ? TASK.start : operation;
  if (outcome === 'restart') {
    forceRestart(builder, resource, task, interval, node);
  } else if (interval > 0) {
    reschedule(builder, resource, task, interval, node);
  } else if (entry.fields['op-restart-digest'] !== undefined) {
    requireUnfencing(builder, resource, node, 'Device parameters changed (reload)');
    planReload(builder, resource, node);
  } else {
    forceRestart(builder, resource, task, interval, node);
  }
  return true;
}
