import { roleNames } from '../../engine/scheduler/graph/summary.ts';
import type { Node } from '../../engine/scheduler/unpack/node.ts';
import { ROLE, type Resource } from '../../engine/scheduler/unpack/resource.ts';
import type { Unpacked } from '../../engine/scheduler/unpack/unpacked.ts';
import { parseRole } from '../../engine/scheduler/rules/values.ts';
import { descriptionOf } from './description.ts';
import { currentNode, failedProbe, shownId, shownRole, topOf } from './resource-state.ts';

const PENDING_STATES: ReadonlyMap<string, string> = new Map([
  ['start', 'Starting'],
  ['stop', 'Stopping'],
  ['migrate_to', 'Migrating'],
  ['migrate_from', 'Migrating'],
  ['promote', 'Promoting'],
  ['demote', 'Demoting'],
]);

const agentOf = (resource: Resource): string => {
  const { standard, provider, type } = resource.agent ?? { standard: 'unknown', type: 'unknown' };
  return provider === undefined || standard !== 'ocf'
    ? `${standard}:${type}`
    : `${standard}:${provider}:${type}`;
};

const flagsOf = (resource: Resource, node: Node | undefined, showPending: boolean): string[] => {
  const flags: string[] = [];
  if (node !== undefined && !node.isOnline && node.isUnclean) flags.push('UNCLEAN');
  if (node !== undefined && node === resource.lockNode) flags.push('LOCKED');
  if (showPending && resource.pendingTask === 'monitor') flags.push('Monitoring');
  const target = resource.meta.get('target-role');
  const targetRole = parseRole(target);
  if (targetRole === ROLE.stopped) flags.push('disabled');
  else if (target !== undefined && targetRole === ROLE.unpromoted && topOf(resource).isPromotable) {
    flags.push(`target-role:${target}`);
  }
  if (resource.isBlocked) flags.push('blocked');
  else if (!resource.isManaged) flags.push('unmanaged');
  if (resource.isFailureIgnored) flags.push('failure ignored');
  return flags;
};

/**
 * One primitive or instance: `disk (ocf:linbit:drbd): Promoted node1 (blocked)`. `showPending`: tell what is under way.
 */
export const primitiveLine = (unpacked: Unpacked, resource: Resource, showPending: boolean): string => {
  const isOnSeveral = resource.runningOn.length > 1;
  const node = isOnSeveral ? undefined : (currentNode(resource) ?? resource.pendingNode ?? resource.lockNode);
  const role = shownRole(resource);
  const words: string[] = [];
  if (resource.isOrphan) words.push('ORPHANED');
  if (resource.isFailed) {
    words.push('FAILED');
    if (role > ROLE.unpromoted) words.push(roleNames[role]);
  } else {
    const pending = showPending ? PENDING_STATES.get(resource.pendingTask ?? '') : undefined;
    words.push(pending ?? roleNames[role]);
  }
  if (node !== undefined) words.push(node.name);
  let text = `${shownId(resource)}\t(${agentOf(resource)}):\t ${words.join(' ')}`;
  const probe = role === ROLE.stopped ? failedProbe(unpacked, resource, node) : undefined;
  if (probe !== undefined) text += ` (${probe}) `;
  const flags = flagsOf(resource, node, showPending);
  if (flags.length > 0) text += ` (${flags.join(', ')})`;
  if (isOnSeveral) {
    const description = descriptionOf(unpacked.configuration, resource);
    if (description !== undefined) text += ` ${description}`;
    text += ` [ ${resource.runningOn.map(({ name }) => name).join(' ')} ]`;
  }
  return text;
};
