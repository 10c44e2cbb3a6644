import type { NodeName, ResourceId } from '../../model/index.ts';
import { ROLE, type Transition as Scheduled } from '../scheduler/index.ts';
import type { Facts } from './facts.ts';
import { bindsTogether } from './stacking.ts';
import { nameOf } from './step.ts';

/** Where the scheduler wants a resource to be. */
export interface Placement {
  /** At most one for a primitive. */
  readonly nodes: readonly NodeName[];
  readonly promoted: NodeName | undefined;
}

export type Placements = (resource: ResourceId) => Placement;

const NOWHERE: Placement = { nodes: [], promoted: undefined };

export function placementsOf({ ordered }: Scheduled): Placements {
  const { assigned } = ordered;
  const placements = new Map<ResourceId, Placement>();
  for (const resource of assigned.scored.unpacked.all) {
    const assignment = assigned.assignments[resource.index];
    const node = assignment?.node?.name;
    if (resource.kind !== 'primitive' || assignment === undefined || node === undefined) continue;
    const id = nameOf(resource.id);
    const others = placements.get(id) ?? NOWHERE;
    placements.set(id, {
      nodes: [...others.nodes, node],
      promoted: assignment.nextRole === ROLE.promoted ? node : others.promoted,
    });
  }
  return (resource) => placements.get(resource) ?? NOWHERE;
}

/** Whether what the resource must be with is to be on the node; `among` narrows down which of it is asked about. */
export function isWithPeers(
  { colocations }: Pick<Facts, 'colocations'>,
  placements: Placements,
  resource: ResourceId,
  node: NodeName,
  among?: readonly ResourceId[],
): boolean {
  return (colocations.get(resource) ?? [])
    .filter((colocation) => bindsTogether(colocation) && among?.includes(colocation.with) !== false)
    .every(({ with: peer, withRole }) => {
      const { nodes, promoted } = placements(peer);
      return withRole === 'promoted' ? promoted === node : nodes.includes(node);
    });
}
