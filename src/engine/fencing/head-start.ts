import { milliseconds, type Milliseconds, type NodeName } from '../../model/index.ts';
import { fencingRecord } from '../config/index.ts';
import { scaled } from '../controller/draft.ts';
import type { EngineState } from '../controller/state.ts';
import { levelsOf } from './levels.ts';

/** More than the test of a device has shown that it takes; boards are not the same every day. */
const MARGIN = 1.5;

/**
 * How long this node waits before it puts the other one out, so that of two that want to put each other out one wins,
 * and is left to switch the other one on again: a head start for each turn that is before its own. Of more than two
 * nodes only those that are the majority fence at all: there is nobody to race with. Nor is there with a node that is
 * heard: whom it puts out is ordered where this node hears it.
 */
export const fenceDelay = (state: EngineState, target: NodeName): Milliseconds =>
  milliseconds(
    Object.keys(state.config.current.nodes).length === 2 && !isHeard(state, target)
      ? turnOf(state, target) * headStart(state)
      : 0,
  );

const isHeard = ({ view, config }: EngineState, node: NodeName): boolean =>
  view.complete && view.members.some((id) => id === config.current.nodes[node]?.id);

/**
 * What the cluster asks for, or what the devices of this node's first level were seen to take, whatever is more: with
 * less, the other one would still be putting this one out when that strikes back. SBD's time is that of its proof: its
 * message is obeyed at once.
 */
function headStart(state: EngineState): number {
  const { properties } = state.config.current;
  const { proofs } = fencingRecord(state.config.current);
  const [first = []] = levelsOf(state, state.self);
  const seen = first.map(({ name, kind }) => (kind === 'sbd' ? 0 : (proofs[name]?.took ?? 0) * MARGIN));
  return Math.max(scaled(state, properties.fenceDelay), ...seen);
}

/**
 * Whoever serves more goes first. The two do not hear each other, so each goes by what it serves itself, and by the
 * other's last word only where nothing would be served by anybody: then the order is that of their ids, behind whoever
 * may serve after all. A node that is heard puts nobody out in the same moment: orders have one order.
 */
function turnOf(state: EngineState, target: NodeName): number {
  const { nodes, pools } = state.config.current;
  const count = Object.keys(pools).length;
  const isFirst = (nodes[state.self]?.id ?? 0) < (nodes[target]?.id ?? 0);
  const own = served(state, state.self);
  if (own * 2 > count) return 0;
  if (own > 0 && own * 2 === count) return isFirst ? 0 : 1;
  const isServed = count > 0 && own + served(state, target) === count;
  if (isServed || state.status.nodes[target]?.state !== 'lost') return 1;
  return isFirst ? 2 : 3;
}

/** In how many pools. */
function served({ config, status }: EngineState, node: NodeName): number {
  const instances = status.nodes[node]?.instances ?? {};
  return Object.keys(config.current.pools).filter((pool) => {
    const seen = instances[`drbd-${pool}`]?.observation;
    return seen !== undefined && seen !== 'unknown' && seen.state === 'promoted';
  }).length;
}
