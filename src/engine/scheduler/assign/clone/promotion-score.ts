import { parseScore } from '../../rules/values.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { draftOf, type AssignDraft } from '../draft.ts';

/** What the history tells about the instances of an anonymous clone, by the name they share, for quick look-up. */
export interface AnonymousHistory {
  readonly activeOn: ReadonlyMap<string, ReadonlyMap<Node, Resource>>;
  readonly knownOn: ReadonlyMap<string, ReadonlySet<Node>>;
}

/** Collected in the order in which the clone's instances are now. */
export function anonymousHistory(draft: AssignDraft, clone: Resource): AnonymousHistory {
  const activeOn = new Map<string, Map<Node, Resource>>();
  const knownOn = new Map<string, Set<Node>>();
  for (const instance of draftOf(draft, clone).children) {
    const members = instance.children.length > 0 ? instance.children : [instance];
    for (const member of members) {
      const name = baseName(member.id);
      const active = activeOn.get(name) ?? new Map<Node, Resource>();
      for (const node of member.runningOn) if (!active.has(node)) active.set(node, member);
      activeOn.set(name, active);
      const known = knownOn.get(name) ?? new Set<Node>();
      for (const node of member.knownOn) known.add(node);
      knownOn.set(name, known);
    }
  }
  return { activeOn, knownOn };
}

/** `drbd` for `drbd:3`. */
export function baseName(id: string): string {
  return id.replace(/(?<=.):[0-9]+$/, '');
}

/**
 * How much an instance would like to be promoted on a node: the node attribute `master-NAME` that its agent set there;
 * for an instance of a cloned group the sum over its members. `undefined` where nothing was ever said.
 */
export function promotionScore(
  draft: AssignDraft,
  history: AnonymousHistory,
  instance: Resource,
  node: Node,
): number | undefined {
  if (instance.children.length === 0) return ownScore(draft, history, instance, node);
  let sum: number | undefined;
  for (const member of instance.children) {
    const score = promotionScore(draft, history, member, node);
    if (score !== undefined) sum = (sum ?? 0) + score;
  }
  return sum;
}

function ownScore(
  draft: AssignDraft,
  history: AnonymousHistory,
  resource: Resource,
  node: Node,
): number | undefined {
  if (!counts(history, resource, node)) return undefined;
  const allowed = draftOf(draft, resource).scores.get(node);
  if (allowed === undefined || allowed < 0) return undefined;

  // The agent used the name by which the history knows it; before it ever ran an anonymous one has none of its own.
  const value =
    node.attributes.get(`master-${resource.historyId ?? resource.id}`) ??
    (resource.isUnique ? undefined : node.attributes.get(`master-${baseName(resource.id)}`));
  return value === undefined ? undefined : parseScore(value);
}

/**
 * Whether what the node says of the resource is meant for this very instance. Anonymous instances share one attribute
 * on each node: it belongs to the one that is active there, or to any that might be if none is and the node was probed.
 * Where nothing at all is known yet (the cluster has just started), permanent scores count for all.
 */
function counts(history: AnonymousHistory, resource: Resource, node: Node): boolean {
  if (!resource.isUnique) {
    const name = baseName(resource.id);
    const active = history.activeOn.get(name)?.get(node);
    if (active === resource) return true;
    if (active === undefined && history.knownOn.get(name)?.has(node) === true) return true;
  }
  if (resource.runningOn.length === 0 && resource.knownOn.size === 0) return true;
  return resource.knownOn.has(node) || resource.runningOn.includes(node);
}
