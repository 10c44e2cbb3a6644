import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { isBlocked, placeOf } from './place.ts';
import { nodesByPreference } from './preference.ts';
import type { Solver } from './solver.ts';

/**
 * The instance of `clone` that is (or will be) on the same node as an instance of another clone. An instance that is
 * nowhere goes with one on the best of its nodes where there is any.
 */
export function compatibleInstance(
  solver: Solver,
  instance: Resource,
  clone: Resource,
  isNow: boolean,
): Resource | undefined {
  const node = placeOf(solver, instance, isNow);
  if (node !== undefined) return instanceOn(solver, clone, node, isNow);
  for (const allowed of nodesByPreference(solver, instance)) {
    const found = instanceOn(solver, clone, allowed, isNow);
    if (found !== undefined) return found;
  }
  return undefined;
}

function instanceOn(solver: Solver, clone: Resource, node: Node, isNow: boolean): Resource | undefined {
  return solver.builder
    .childrenOf(clone)
    .find((instance) => placeOf(solver, instance, isNow) === node && !isAnyBlocked(solver, instance));
}

function isAnyBlocked(solver: Solver, resource: Resource): boolean {
  return isBlocked(solver, resource) || resource.children.some((child) => isAnyBlocked(solver, child));
}
