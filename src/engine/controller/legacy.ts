import type { NodeName } from '../../model/index.ts';
import type { EngineState, KnownOff, Legacy } from './state.ts';

/** The last engine of this boot knew it, and Corosync's ring has not changed since. */
export const isStillOff = ({ knownOff, ring }: EngineState, name: NodeName): boolean =>
  knownOff.ring === ring.sequence && knownOff.nodes.includes(name) && ring.sequence > 0;

/** The highest number of a view that this engine knows of. */
export const countedUpTo = ({ view }: EngineState): number => Math.max(view.generation, view.counted);

/** For the next engine of this boot; undefined: it may not act alone. */
export const legacyOf = (state: EngineState): Legacy | undefined =>
  state.mayActAlone ? { generation: countedUpTo(state), knownOff: whoIsOff(state) } : undefined;

function whoIsOff({ transportUp, status, ring, config }: EngineState): KnownOff {
  if (!transportUp || ring.sequence === 0) return { ring: 0, nodes: [] };
  const nodes = Object.values(config.current.nodes)
    .filter(({ name, id }) => status.nodes[name]?.state === 'offline' && !ring.nodes.includes(id))
    .map(({ name }) => name);
  return { ring: ring.sequence, nodes };
}
