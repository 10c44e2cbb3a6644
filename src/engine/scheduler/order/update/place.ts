import { nextNode } from '../../actions/place.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import type { Solver } from './solver.ts';

/** The one node where a resource is now or will be; `undefined`: nowhere, or on several. */
export function placeOf(solver: Solver, resource: Resource, isNow: boolean): Node | undefined {
  if (isNow) return onlyNode(resource);
  if (resource.kind === 'primitive') return solver.builder.destination(resource);
  const known = solver.places.get(resource);
  if (known !== undefined || solver.places.has(resource)) return known;
  const place = nextNode(solver.builder, resource);
  solver.places.set(resource, place);
  return place;
}

function onlyNode(resource: Resource): Node | undefined {
  const nodes = new Set<Node>();
  collectNodes(resource, nodes);
  const [node] = nodes;
  return nodes.size === 1 ? node : undefined;
}

function collectNodes(resource: Resource, nodes: Set<Node>): void {
  for (const child of resource.children) collectNodes(child, nodes);
  if (resource.children.length === 0) for (const node of resource.runningOn) nodes.add(node);
}

/** Left as it is: something went wrong that only a person can mend, or its ticket was lost and it is to stay. */
export function isBlocked(solver: Solver, resource: Resource): boolean {
  return resource.isBlocked || solver.builder.assigned.scored.frozen.has(resource.index);
}
