import { failCount } from '../history/failures.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Unpacked } from '../unpack/unpacked.ts';
import { INFINITY } from './arithmetic.ts';
import { tableOf, type ScoreDraft } from './draft.ts';
import { topOf } from './find.ts';
import { prefer } from './prefer.ts';

/** What runs on one node likes to stay there (`resource-stickiness`). */
export function applyStickiness(draft: ScoreDraft, resource: Resource): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) applyStickiness(draft, child);
    return;
  }
  const [node] = resource.runningOn;
  const isManaged = resource.isManaged && !draft.frozen.has(resource.index);
  if (!isManaged || resource.stickiness < 1 || resource.runningOn.length !== 1) return;
  if (node === undefined) return;
  // Where nodes must be allowed one by one, what is no longer allowed is no reason to stay.
  if (!draft.unpacked.settings.isSymmetric && !tableOf(draft, resource).has(node)) return;
  prefer(draft, resource, node, resource.stickiness, { kind: 'stickiness', source: 'resource-stickiness' });
}

/** Bans what failed too often from where it did (`migration-threshold`). */
export function banFailed(draft: ScoreDraft): void {
  const cleared = clearings(draft.unpacked);
  for (const node of draft.unpacked.nodes) {
    if (!hasFailures(node)) continue;
    for (const resource of draft.unpacked.resources) banFailedOn(draft, resource, node, cleared);
  }
}

function hasFailures(node: Node): boolean {
  for (const name of node.attributes.keys()) if (name.startsWith('fail-count-')) return true;
  return false;
}

function clearings(unpacked: Unpacked): ReadonlyMap<Resource, ReadonlySet<Node>> {
  const cleared = new Map<Resource, Set<Node>>();
  for (const { resource, node } of unpacked.failureClearings) {
    const nodes = cleared.get(resource) ?? new Set();
    cleared.set(resource, nodes.add(node));
  }
  return cleared;
}

function banFailedOn(
  draft: ScoreDraft,
  resource: Resource,
  node: Node,
  cleared: ReadonlyMap<Resource, ReadonlySet<Node>>,
): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) banFailedOn(draft, child, node, cleared);
    return;
  }
  if (resource.migrationThreshold === 0 || resource.isFailureIgnored) return;
  if (cleared.get(resource)?.has(node) === true) return;
  const failures = failCount(draft.unpacked, resource, node, { isEffective: true });
  if (failures <= 0 || failures < resource.migrationThreshold) return;
  // Instances of an anonymous clone are as good as each other: what failed is the clone.
  const banned = resource.isUnique ? resource : topOf(resource);
  prefer(draft, banned, node, -INFINITY, { kind: 'failures', source: resource.id });
}

/** Where probes are wanted on some nodes only, the resource may not run on others (`resource-discovery=exclusive`). */
export function banUndiscovered(draft: ScoreDraft, resource: Resource): void {
  const isExclusive =
    draft.exclusiveDiscovery.has(resource.index) || draft.exclusiveDiscovery.has(topOf(resource).index);
  if (!isExclusive) return;
  for (const child of resource.children) banUndiscovered(draft, child);
  const table = tableOf(draft, resource);
  const modes = draft.discovery.get(resource.index);
  for (const node of table.keys()) if (modes?.get(node) !== 'exclusive') table.set(node, -INFINITY);
}
