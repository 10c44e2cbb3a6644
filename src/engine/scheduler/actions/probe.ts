import type { Discovery } from '../score/scored.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { LINK, type Action } from './action.ts';
import { instanceNumber } from './instance.ts';
import { actionKey } from './key.ts';
import { resourceAction } from './make.ts';
import { nextNode, topOf } from './place.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';
import { orderAfterUnfencing } from './unfence.ts';

/**
 * Plans a look at every resource on every node where its state is not known yet.
 *
 * Rule: Pacemaker Explained, "resource-discovery"; nothing is probed on nodes that are offline or to be fenced.
 */
export function planProbes(builder: ActionBuilder): void {
  const { unpacked } = builder.assigned.scored;
  for (const node of unpacked.nodes) {
    if (!node.isOnline || builder.isUnclean(node) || !node.mayDiscover) continue;
    if (isProbePending(node)) {
      builder
        .ensure({
          resource: undefined,
          key: `${TASK.probeAgain}-${node.name}`,
          task: TASK.probeAgain,
          node,
          isOptional: false,
          isSaved: true,
        })
        .extra.set('op_no_wait', 'true');
      continue;
    }
    for (const resource of builder.assigned.resources) probeResource(builder, resource, node);
  }
}

/** Histories of old versions say on which nodes everything has been probed. */
function isProbePending(node: Node): boolean {
  const value = node.attributes.get('probe_complete');
  return value !== undefined && !/^(true|on|yes|y|1)$/i.test(value);
}

function probeResource(builder: ActionBuilder, resource: Resource, node: Node): void {
  switch (resource.kind) {
    case 'primitive':
      probeSingle(builder, resource, node);
      return;
    case 'group':
      // Compatible: a group of which no member could be understood is itself looked at.
      if (resource.children.length === 0) probeSingle(builder, resource, node);
      for (const member of builder.childrenOf(resource)) probeResource(builder, member, node);
      return;
    case 'clone':
      probeClone(builder, resource, node);
  }
}

/** Of an anonymous clone one instance is enough: the one known there, or to be started there, or the first. */
function probeClone(builder: ActionBuilder, clone: Resource, node: Node): void {
  const instances = [...builder.childrenOf(clone)].sort(
    (left, right) => instanceNumber(left) - instanceNumber(right),
  );
  builder.setChildren(clone, instances);
  if (isExclusive(builder, clone)) {
    const mode = discoveryOn(builder, clone, node);
    if (mode !== undefined && mode !== 'exclusive') return;
  }
  if (clone.isUnique) {
    for (const instance of instances) probeResource(builder, instance, node);
    return;
  }
  const chosen =
    instances.find((instance) => isKnownOn(instance, node)) ??
    instances.find((instance) => nextNode(builder, instance) === node) ??
    instances[0];
  if (chosen !== undefined) probeResource(builder, chosen, node);
}

function isKnownOn(resource: Resource, node: Node): boolean {
  return resource.kind === 'primitive'
    ? resource.knownOn.has(node)
    : resource.children.some((child) => isKnownOn(child, node));
}

function isExclusive(builder: ActionBuilder, resource: Resource): boolean {
  return resource.discoversExclusively || builder.assigned.scored.exclusiveDiscovery.has(resource.index);
}

/** `undefined`: the node may not run it at all. */
function discoveryOn(builder: ActionBuilder, resource: Resource, node: Node): Discovery | undefined {
  const { assignments, scored } = builder.assigned;
  if (assignments[resource.index]?.scores.has(node) !== true) return undefined;
  return scored.discovery.get(resource.index)?.get(node) ?? 'always';
}

function probeSingle(builder: ActionBuilder, resource: Resource, node: Node): void {
  if (resource.isOrphan || resource.knownOn.has(node)) return;
  const mode = discoveryOn(builder, resource, node);
  let top = topOf(resource);
  if ((isExclusive(builder, resource) || isExclusive(builder, top)) && mode !== 'exclusive') return;
  if (mode === 'never') return;

  const probe = resourceAction(builder, resource, TASK.monitor, node, false);
  probe.isOptional = false;
  orderAfterUnfencing(builder, resource, node, probe, LINK.sequence);
  expect(builder, probe, resource, node);

  const { settings } = builder.assigned.scored.unpacked;
  if ((resource.isFenceDevice && settings.unfencingEnabled) || top.kind !== 'clone') top = resource;
  // What cannot be looked at must not be started, but what runs already goes on.
  const isUncertain = !probe.isRunnable && resource.runningOn.length === 0;
  const first = { resource, key: undefined, action: probe };
  builder.request(
    first,
    { resource: top, key: actionKey(top, TASK.start), action: undefined },
    LINK.sequence | (isUncertain ? LINK.thenNeedsFirstRunnable : 0),
  );
  builder.request(
    first,
    { resource: top, key: actionKey(resource, TASK.reload), action: undefined },
    LINK.sequence,
  );
}

/** A probe that finds what is expected is no failure. */
function expect(builder: ActionBuilder, probe: Action, resource: Resource, node: Node): void {
  if (!resource.runningOn.includes(node)) probe.extra.set('op_target_rc', '7');
  else if (builder.currentRole(resource) === ROLE.promoted) probe.extra.set('op_target_rc', '8');
}
