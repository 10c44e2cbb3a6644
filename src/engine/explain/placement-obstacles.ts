import type { Assigned } from '../scheduler/assign/assigned.ts';
import type { Node } from '../scheduler/unpack/node.ts';
import { ROLE, type Resource } from '../scheduler/unpack/resource.ts';
import { argumentsOn, colocationRemedy, colocationSentence, placesOf } from './placement-arguments.ts';
import { nodeHindrances, type Hindrance } from './placement-node.ts';
import { isForbidding, topOf, withAncestors } from './placement-words.ts';

/** Everything that keeps the resource from running on the node, the weightiest first; empty where it may. */
export const obstaclesOn = (assigned: Assigned, resource: Resource, node: Node): readonly Hindrance[] => {
  const named = [
    ...nodeHindrances(node),
    ...argumentsOn(assigned, resource, node).filter(({ score }) => isForbidding(score)),
  ];
  const score = assigned.assignments[resource.index]?.scores.get(node);
  if (score === undefined) return [...named, notAllowed(assigned, resource, node)];
  if (!isForbidding(score) || resource.nextRole === ROLE.stopped) return named;
  const ties = tiesElsewhere(assigned, resource, node);
  const found = [...named, ...ties.filter(({ text }) => named.every((one) => one.text !== text))];
  if (found.length > 0) return found;
  return [crowded(assigned, resource, node) ?? undiscovered(assigned, resource, node)];
};

const notAllowed = (assigned: Assigned, resource: Resource, node: Node): Hindrance => ({
  text: assigned.scored.unpacked.settings.isSymmetric
    ? `${node.name} is no candidate for it`
    : `nodes must be allowed one by one (symmetric-cluster=false), and no location allows ${node.name}`,
  remedy: `add a location that allows ${resource.id} on ${node.name}`,
});

/** What it, or what it belongs to, must (not) be with is elsewhere (there). */
const tiesElsewhere = (assigned: Assigned, resource: Resource, node: Node): readonly Hindrance[] =>
  withAncestors(resource)
    .flatMap(({ index }) => assigned.scored.colocationsOf.get(index) ?? [])
    .filter(({ id, dependentRole }) => id !== 'group:internal_colocation' && dependentRole !== ROLE.promoted)
    .filter((colocation) => {
      const isThere = placesOf(assigned, colocation).includes(node);
      return isForbidding(colocation.score) ? isThere : isForbidding(-colocation.score) && !isThere;
    })
    .map((colocation) => ({
      text: colocationSentence(assigned, colocation),
      remedy: colocationRemedy(colocation, node),
    }));

/** Other instances of its clone take the places that the node has. */
const crowded = (assigned: Assigned, resource: Resource, node: Node): Hindrance | undefined => {
  const top = topOf(resource);
  if (top.kind !== 'clone') return undefined;
  const family = withAncestors(resource);
  const most = top.clone?.nodeMax ?? 1;
  const others = top.children.filter((instance) => {
    const assignment = assigned.assignments[instance.index];
    const isThere = assignment?.node === node || assignment?.nodes.includes(node) === true;
    return isThere && !family.includes(instance);
  });
  if (others.length === 0 || others.length < most) return undefined;
  return {
    text: `${others.map(({ id }) => id).join(', ')} of the same clone will be on ${node.name}, which takes ${most} (clone-node-max)`,
    remedy: 'raise clone-node-max',
  };
};

const undiscovered = (assigned: Assigned, resource: Resource, node: Node): Hindrance => {
  const isExclusive = [resource, topOf(resource)].some(({ index }) =>
    assigned.scored.exclusiveDiscovery.has(index),
  );
  return isExclusive
    ? {
        text: 'it is looked for on other nodes only (resource-discovery=exclusive)',
        remedy: `add a location with resource-discovery=exclusive for ${node.name}`,
      }
    : {
        text: `what it is tied to may not be on ${node.name}`,
        remedy: `let what it is colocated with run on ${node.name}`,
      };
};
