import type { ResourceId } from '../../model/index.ts';
import { assignClone } from './assign-clone.ts';
import { assignPrimitive } from './assign-primitive.ts';
import { nowhere, type Placement } from './placement.ts';
import type { Scored } from './score.ts';
import type { Unpacked } from './unpack.ts';

/** The third phase. Frozen: without quorum, under that policy, everything stays as it is. */
export interface Assigned {
  readonly frozen: boolean;
  readonly placements: ReadonlyMap<ResourceId, Placement>;
}

export function assign(unpacked: Unpacked, scored: Scored): Assigned {
  const placements = new Map<ResourceId, Placement>();
  const frozen = !unpacked.quorate && unpacked.input.config.properties.quorumPolicy === 'freeze';
  for (const definition of unpacked.definitions) {
    placements.set(
      definition.id,
      !unpacked.quorate
        ? nowhere('there is no quorum and the policy is to stop')
        : definition.primitive.targetRole === 'stopped'
          ? nowhere('it is to be stopped')
          : definition.kind === 'primitive'
            ? assignPrimitive(unpacked, scored, placements, definition)
            : assignClone(unpacked, scored, definition),
    );
  }
  return { frozen, placements };
}
