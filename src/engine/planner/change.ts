import type { NodeName, OperationName, ResourceId } from '../../model/index.ts';
import type { Assigned } from './assign.ts';
import type { Placement } from './placement.ts';
import type { Definition, Unpacked } from './unpack.ts';

/** What is to be done with one instance, each with its reason; in the order monitor, demote, stop, start, promote. */
export type Change = Partial<Record<Exclude<OperationName, 'create' | 'remove'>, string>>;
export type Changes = ReadonlyMap<ResourceId, ReadonlyMap<NodeName, Change>>;

/** From what is to what shall be. A resource whose foundation changes is taken down first and put back after it. */
export function changes(unpacked: Unpacked, assigned: Assigned): Changes {
  const all = new Map<ResourceId, ReadonlyMap<NodeName, Change>>();
  for (const definition of unpacked.definitions) {
    const placement = assigned.placements.get(definition.id);
    if (placement === undefined) continue;
    const shaken = assigned.frozen ? () => undefined : foundations(unpacked, definition.id, all);
    const ofResource = new Map<NodeName, Change>();
    for (const node of unpacked.usable) {
      const change = assigned.frozen
        ? look(unpacked, definition.id, node)
        : definition.kind === 'primitive'
          ? changePrimitive(unpacked, definition, placement, node, shaken(node))
          : changeInstance(unpacked, definition, placement, node, shaken(node));
      if (Object.keys(change).length > 0) ofResource.set(node, change);
    }
    if (ofResource.size > 0) all.set(definition.id, ofResource);
  }
  return all;
}

/** What was not looked at, unless looking has failed: then that has to be forgotten first. */
function look({ seen }: Unpacked, id: ResourceId, node: NodeName): Change {
  const { state, failures } = seen(id, node);
  return state === 'unknown' && failures?.operation !== 'monitor'
    ? { monitor: `nobody has looked yet whether ${id} runs on ${node}` }
    : {};
}

function changePrimitive(
  unpacked: Unpacked,
  { id }: Definition,
  placement: Placement,
  node: NodeName,
  shaken: ResourceId | undefined,
): Change {
  const { usable, seen } = unpacked;
  const { state, failures } = seen(id, node);
  if (state === 'unknown') return look(unpacked, id, node);
  const running = usable.filter((other) => isRunning(seen(id, other).state));
  const belongsHere = placement.nodes.includes(node);
  const start = belongsHere && placement.mayStart ? { start: placement.because } : {};
  if (state === 'stopped') return start;
  if (!belongsHere)
    return {
      stop:
        placement.nodes.length > 0
          ? `it belongs on ${placement.nodes.join(', ')}: ${placement.because}`
          : placement.because,
    };
  const cause =
    running.length > 1
      ? `it RUNS TWICE, on ${running.join(' and ')}; it is stopped everywhere and started once`
      : state === 'failed'
        ? `it failed there: ${failures?.failure.message ?? 'neither running nor stopped'}`
        : shaken === undefined
          ? undefined
          : `${shaken}, which it stands on, changes`;
  if (cause === undefined) return {};
  return { stop: cause, ...(placement.mayStart ? { start: cause } : {}) };
}

function changeInstance(
  unpacked: Unpacked,
  { id }: Definition,
  placement: Placement,
  node: NodeName,
  shaken: ResourceId | undefined,
): Change {
  const { usable, seen } = unpacked;
  const { state, failures } = seen(id, node);
  const belongsHere = placement.nodes.includes(node);
  const shallBePromoted = placement.promoted === node;
  switch (state) {
    case 'unknown':
      return look(unpacked, id, node);
    case 'stopped':
      return belongsHere ? { start: `every node runs an instance of ${id}` } : {};
    case 'failed': {
      const cause = `it failed there: ${failures?.failure.message ?? 'neither running nor stopped'}`;
      return belongsHere ? { stop: cause, start: cause } : { stop: cause };
    }
    case 'running':
    case 'promoted': {
      const demote =
        state === 'promoted' && (!shallBePromoted || shaken !== undefined)
          ? { demote: whyDemoted(unpacked, id, placement, node, usable) }
          : {};
      if (!belongsHere) return { ...demote, stop: placement.because };
      if (shaken !== undefined) {
        const cause = `${shaken}, which it stands on, changes`;
        const isFit = seen(id, node).promotionScore !== undefined;
        const again = shallBePromoted && isFit ? { promote: cause } : {};
        return { ...demote, stop: cause, start: cause, ...again };
      }
      return shallBePromoted && state === 'running' ? { promote: placement.because } : demote;
    }
  }
}

function whyDemoted(
  { seen }: Unpacked,
  id: ResourceId,
  placement: Placement,
  node: NodeName,
  usable: readonly NodeName[],
): string {
  const promoted = usable.filter((other) => seen(id, other).state === 'promoted');
  return promoted.length > 1
    ? `it IS PROMOTED TWICE, on ${promoted.join(' and ')}; only ${placement.promoted ?? 'none'} stays promoted`
    : node === placement.promoted
      ? 'what it stands on changes'
      : placement.because;
}

/** Which mandatory foundation of the resource changes under it on a node, if one does. */
function foundations(
  unpacked: Unpacked,
  id: ResourceId,
  changed: Changes,
): (node: NodeName) => ResourceId | undefined {
  const shaking = (unpacked.orders.get(id) ?? []).filter(
    ({ kind, first }) => kind === 'mandatory' && changed.has(first),
  );
  return (node) =>
    shaking.find(({ first, firstAction }) => {
      const change = changed.get(first)?.get(node);
      const isClone = unpacked.definition.get(first)?.kind === 'promotable-clone';
      if (firstAction === 'promote')
        return change?.promote !== undefined || change?.demote !== undefined || change?.stop !== undefined;
      if (change?.stop !== undefined || change?.start !== undefined) return true;
      return !isClone && [...(changed.get(first)?.values() ?? [])].some(({ start }) => start !== undefined);
    })?.first;
}

const isRunning = (state: string): boolean => state === 'running' || state === 'promoted';
