import type { Node } from '../unpack/node.ts';
import type { Draft, DraftResource } from '../unpack/draft.ts';
import { withoutInstance } from './names.ts';

/** Where resources are found by the names that the history uses for them. */
export interface Catalogue {
  readonly byId: Map<string, DraftResource[]>;
  readonly byHistoryId: Map<string, DraftResource[]>;
  /** Of top-level resources, in the order of the definition. */
  readonly positions: Map<DraftResource, number>;
  /** Members of a cloned group's instance by their id without the instance number. */
  readonly members: Map<DraftResource, ReadonlyMap<string, DraftResource>>;
  /** Nodes on which something of a cloned group's instance runs or is about to. */
  readonly groupLocations: Map<DraftResource, Set<Node>>;
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** For `resource` and everything below; to be told of whatever is created later. */
export function register(catalogue: Catalogue, resource: DraftResource): void {
  const open = [resource];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    append(catalogue.byId, current.id, current);
    if (current.historyId !== undefined) append(catalogue.byHistoryId, current.historyId, current);
    open.push(...current.children);
  }
  if (resource.parent === undefined) catalogue.positions.set(resource, catalogue.positions.size);
}

export function createCatalogue(draft: Draft): Catalogue {
  const catalogue: Catalogue = {
    byId: new Map(),
    byHistoryId: new Map(),
    positions: new Map(),
    members: new Map(),
    groupLocations: new Map(),
  };
  for (const resource of draft.resources) register(catalogue, resource);
  return catalogue;
}

export function rename(catalogue: Catalogue, resource: DraftResource, historyId: string | undefined): void {
  const known = resource.historyId === undefined ? undefined : catalogue.byHistoryId.get(resource.historyId);
  if (known !== undefined) known.splice(known.indexOf(resource), 1);
  resource.historyId = historyId;
  if (historyId !== undefined) append(catalogue.byHistoryId, historyId, resource);
}

function pathTo(resource: DraftResource): DraftResource[] {
  const path: DraftResource[] = [];
  for (let current: DraftResource | undefined = resource; current !== undefined; current = current.parent) {
    path.unshift(current);
  }
  return path;
}

/** In the order of the definition, a whole before its parts. */
function stands(catalogue: Catalogue, left: DraftResource, right: DraftResource): number {
  const mine = pathTo(left);
  const theirs = pathTo(right);
  for (const [depth, ancestor] of mine.entries()) {
    const other = theirs[depth];
    if (other === undefined) return 1;
    if (ancestor === other) continue;
    const siblings = ancestor.parent?.children;
    if (siblings !== undefined) return siblings.indexOf(ancestor) - siblings.indexOf(other);
    return (catalogue.positions.get(ancestor) ?? 0) - (catalogue.positions.get(other) ?? 0);
  }
  return -1;
}

/** The first resource in the order of the definition that has this id, or had it in the history. */
export function findByName(catalogue: Catalogue, name: string): DraftResource | undefined {
  const byId = catalogue.byId.get(name) ?? [];
  const byHistoryId = catalogue.byHistoryId.get(name) ?? [];
  let first = byId[0] ?? byHistoryId[0];
  if (first === undefined || byId.length + byHistoryId.length === 1) return first;
  for (const other of [...byId, ...byHistoryId]) {
    if (other !== first && stands(catalogue, other, first) < 0) first = other;
  }
  return first;
}

/** The part of a clone's instance that runs `name` (without an instance number): itself, or a member of it. */
export function partNamed(
  catalogue: Catalogue,
  instance: DraftResource,
  name: string,
): DraftResource | undefined {
  if (withoutInstance(instance.id) === name) return instance;
  if (instance.kind !== 'group') return undefined;
  let members = catalogue.members.get(instance);
  if (members === undefined) {
    members = new Map(instance.children.map((member) => [withoutInstance(member.id), member]));
    catalogue.members.set(instance, members);
  }
  return members.get(name);
}

/** To be told wherever a resource is found to run, or an operation of it to be under way. */
export function noteLocation(catalogue: Catalogue, resource: DraftResource, node: Node): void {
  const group = resource.parent;
  if (group?.kind !== 'group' || group.parent === undefined) return;
  const known = catalogue.groupLocations.get(group);
  if (known === undefined) catalogue.groupLocations.set(group, new Set([node]));
  else known.add(node);
}

function firstLocation(resource: DraftResource): Node | undefined {
  return resource.runningOn[0] ?? resource.pendingNode;
}

/** Where a clone's instance runs, or is about to; the first one of several. */
export function locationOf(catalogue: Catalogue, instance: DraftResource): Node | undefined {
  if (instance.kind !== 'group') return firstLocation(instance);
  const [first, second] = catalogue.groupLocations.get(instance) ?? [];
  if (second === undefined) return first;
  return instance.children.map(firstLocation).find((node) => node !== undefined);
}
