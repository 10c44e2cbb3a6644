import { compareNames } from '../../engine/scheduler/rules/values.ts';
import type { Node } from '../../engine/scheduler/unpack/node.ts';
import { ROLE, type Resource } from '../../engine/scheduler/unpack/resource.ts';
import type { Unpacked } from '../../engine/scheduler/unpack/unpacked.ts';
import { headed } from './list.ts';
import { cloneTargetRole, failedProbe, isActive, isDisabled, nodesOf, roleOf } from './resource-state.ts';

/** How the lines of one instance are made; given, because instances may be groups. */
type InstanceLines = (unpacked: Unpacked, resource: Resource, showPending: boolean) => string[];

const holds = (resource: Resource, test: (one: Resource) => boolean): boolean =>
  test(resource) || resource.children.some((child) => holds(child, test));

/** Whether an instance has a line of its own, rather than being one of a list of nodes. */
const isShownAlone = (clone: Resource, instance: Resource, showPending: boolean): boolean => {
  const isPartlyActive = isActive(instance, false);
  if (clone.isUnique) return isPartlyActive || !clone.isOrphan;
  if (showPending && instance.pendingTask !== undefined && instance.pendingTask !== 'probe') return true;
  if (!isPartlyActive) return false;
  if (holds(instance, ({ isOrphan, isManaged, isFailed }) => isOrphan || !isManaged || isFailed)) return true;
  if (!isActive(instance, true)) return true;
  const nodes = nodesOf(instance);
  const [node] = nodes;
  return node === undefined || nodes.length > 1 || (!node.isOnline && node.isUnclean);
};

const nodeNames = (nodes: readonly Node[]): string =>
  nodes
    .map(({ name }) => name)
    .sort(compareNames)
    .join(' ');

/** Where a clone could have an instance and has none, by what is told of it. */
const stoppedPlaces = (unpacked: Unpacked, clone: Resource): Map<string, string[]> => {
  // Before constraints are read, an opt-in cluster knows only of the nodes that the history speaks of.
  const fromHistory = unpacked.settings.isSymmetric ? unpacked.nodes : [...clone.historyScores.keys()];
  const allowed = fromHistory.length > 0 ? fromHistory : [...clone.knownOn];
  const isStoppedOnPurpose = cloneTargetRole(clone) === ROLE.stopped;
  const places = new Map<string, string[]>();
  for (const node of allowed) {
    if (clone.runningOn.includes(node)) continue;
    const probe = failedProbe(unpacked, clone, node);
    const state =
      probe !== undefined ? `Stopped (${probe})` : isStoppedOnPurpose ? 'Stopped (disabled)' : 'Stopped';
    places.set(state, [...(places.get(state) ?? []), node.name]);
  }
  return places;
};

const stoppedInstances = (clone: Resource, showPending: boolean): Map<string, string[]> => {
  const stopped = clone.isUnique
    ? []
    : clone.children.filter(
        (instance) =>
          !isShownAlone(clone, instance, showPending) && !isActive(instance, false) && !instance.isOrphan,
      );
  return new Map(stopped.length > 0 ? [['Stopped', stopped.map(({ id }) => id)]] : []);
};

/** A clone: instances with something remarkable by themselves, the others as lists of nodes. */
export const cloneLines = (
  unpacked: Unpacked,
  clone: Resource,
  showPending: boolean,
  instanceLines: InstanceLines,
): string[] => {
  const lines: string[] = [];
  const promoted: Node[] = [];
  const started: Node[] = [];
  for (const instance of clone.children) {
    // What nobody manages on a node that is gone runs nowhere as far as anybody can tell: crm_simulate leaves it out.
    if (isActive(instance, false) && instance.runningOn.length === 0) continue;
    if (isShownAlone(clone, instance, showPending)) {
      lines.push(...instanceLines(unpacked, instance, showPending));
    } else if (!clone.isUnique && isActive(instance, false)) {
      const list = roleOf(instance) > ROLE.unpromoted ? promoted : started;
      list.push(...nodesOf(instance));
    }
  }
  if (promoted.length > 0) lines.push(`Promoted: [ ${nodeNames(promoted)} ]`);
  if (started.length > 0) {
    const title = !clone.isPromotable
      ? 'Started'
      : cloneTargetRole(clone) === ROLE.unpromoted
        ? 'Unpromoted (target-role)'
        : 'Unpromoted';
    lines.push(`${title}: [ ${nodeNames(started)} ]`);
  }
  const hasRoom = (clone.clone?.max ?? 0) > promoted.length + started.length;
  const stopped =
    !clone.isUnique && hasRoom ? stoppedPlaces(unpacked, clone) : stoppedInstances(clone, showPending);
  for (const [state, names] of [...stopped].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`${state}: [ ${names.sort(compareNames).join(' ')} ]`);
  }
  const remarks: string[] = [];
  if (clone.isPromotable) remarks.push('promotable');
  if (clone.isUnique) remarks.push('unique');
  if (!clone.isManaged) remarks.push('unmanaged');
  if (isDisabled(clone)) remarks.push('disabled');
  const heading = `Clone Set: ${clone.id} [${clone.clone?.childId ?? ''}]`;
  const shown = headed(heading, remarks, lines);
  if (shown.length > 0) return shown;
  // A clone without instances, for want of nodes, still has its heading.
  return [`${heading}${remarks.length > 0 ? ` (${remarks.join(', ')})` : ''}:`];
};
