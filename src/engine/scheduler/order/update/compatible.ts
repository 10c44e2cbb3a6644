import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import { INFINITY } from '../../rules/values.ts';
import { isBlocked, placeOf } from './place.ts';
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

/** As the third phase prefers them: score, then how little was assigned to them, then name. */
function nodesByPreference(solver: Solver, instance: Resource): readonly Node[] {
  const { assignments } = solver.builder.assigned;
  const scores = assignments[instance.index]?.scores;
  if (scores === undefined) return [];
  const load = new Map<Node, number>();
  for (const { node } of assignments) if (node !== undefined) load.set(node, (load.get(node) ?? 0) + 1);
  const scoreOf = (node: Node): number => (isAvailable(node) ? (scores.get(node) ?? 0) : -INFINITY);
  return [...scores.keys()].sort(
    (a, b) =>
      scoreOf(b) - scoreOf(a) ||
      (load.get(a) ?? 0) - (load.get(b) ?? 0) ||
      (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
}

function isAvailable(node: Node): boolean {
  return node.isOnline && !node.isShuttingDown && !node.isUnclean && !node.isStandby && !node.isInMaintenance;
}
