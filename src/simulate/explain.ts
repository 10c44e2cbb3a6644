import { failed, failure, success, type Result } from '../model/index.ts';
import { explainPlacement, type PlacementExplanation } from '../engine/explain/placement.ts';
import { findNode } from '../engine/scheduler/unpack/lookup.ts';
import type { Resource } from '../engine/scheduler/unpack/resource.ts';
import type { Unpacked } from '../engine/scheduler/unpack/unpacked.ts';
import type { Simulation } from './simulation.ts';

/** The explanations of one resource, and of all that is in it. */
export interface Explanation {
  readonly resource: string;
  readonly node: string | undefined;
  readonly parts: readonly PlacementExplanation[];
}

/** Fails with `resource_not_found` or `node_not_found`. */
export const explain = (
  { transition }: Simulation,
  name: string,
  nodeName: string | undefined,
): Result<Explanation> => {
  const { unpacked } = transition.ordered.assigned.scored;
  const named = resourcesNamed(unpacked, name);
  if (named.length === 0) return failed(failure('resource_not_found', `There is no resource '${name}'`));
  const node = nodeName === undefined ? undefined : findNode(unpacked, nodeName);
  if (nodeName !== undefined && node === undefined)
    return failed(failure('node_not_found', `The cluster has no node '${nodeName}'`));
  return success({
    resource: name,
    node: nodeName,
    parts: named.flatMap((resource) => explainPlacement(transition, resource, node)),
  });
};

/** By id; by the name that the instances of a clone have in common; or by the name in the history. */
const resourcesNamed = (unpacked: Unpacked, name: string): readonly Resource[] => {
  const exact = unpacked.all.filter(({ id }) => id === name);
  if (exact.length > 0) return exact;
  return unpacked.all.filter(({ id, historyId }) => historyId === name || id.replace(/:\d+$/, '') === name);
};
