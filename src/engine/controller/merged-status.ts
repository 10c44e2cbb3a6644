import {
  type ClusterStatus,
  type Milliseconds,
  type NodeName,
  type NodeState,
  type NodeStatus,
} from '../../model/index.ts';
import { isStillOff } from './legacy.ts';
import type { Sync } from './messages.ts';
import type { Draft, EngineState } from './state.ts';

/**
 * Members are the authority on what runs on them; for absent nodes the senior member's knowledge counts. Where nobody
 * was synchronised before (a cold start) an absent node may be running anything: lost.
 */
export function mergedStatus(draft: Draft, syncs: readonly Sync[], senior: Sync): ClusterStatus {
  const { state, now } = draft;
  const nodes = Object.values(state.config.current.nodes).map(({ name, id }): [NodeName, NodeStatus] => {
    const own = syncs.find(({ node }) => node === name);
    if (own !== undefined)
      return [name, present(draft, own, senior.synchronised ? senior.nodes[name] : undefined, senior, syncs)];
    const absent =
      knownOfAbsent(name, syncs) ?? unknownNode(now, isStillOff(state, name) ? 'offline' : undefined);
    // Until Corosync has told, its node may be there: its engine gets the time to come.
    const inRing = state.ring.nodes.includes(id) || state.ring.nodes.length === 0;
    return [
      name,
      { ...absent, state: absentState(absent.state, inRing), fencing: withoutPerformer(absent, name, syncs) },
    ];
  });
  return { quorate: state.ring.quorate === true, nodes: Object.fromEntries(nodes) };
}

/**
 * What the senior member knows, unless it believes the node to be off and another one does not: of more than two nodes
 * the senior may have been cut off itself while the node came back (S2).
 */
function knownOfAbsent(name: NodeName, syncs: readonly Sync[]): NodeStatus | undefined {
  const known = syncs.flatMap(({ synchronised, nodes }) => (synchronised ? (nodes[name] ?? []) : []));
  return known.find(({ state }) => state !== 'offline') ?? known[0];
}

function present(
  { state, now }: Draft,
  own: Sync,
  known: NodeStatus | undefined,
  senior: Sync,
  syncs: readonly Sync[],
): NodeStatus {
  const mine = bestInformed(state, own, syncs).nodes[own.node];
  const before = senior.boots[own.node];
  const returned = (before !== undefined && before !== own.boot) || known?.state === 'offline';
  return {
    state: 'online',
    since: known?.state === 'online' ? known.since : now,
    // A node that has booted anew, or was confirmed off, is not the one that had to be fenced.
    fenceWanted: returned ? undefined : known?.fenceWanted,
    fencing:
      returned || known?.fenceWanted === undefined ? undefined : withoutPerformer(known, own.node, syncs),
    devices: known?.devices,
    // Nobody knows better what this node notices; what it told meanwhile is on its way to the others.
    notices: own.node === state.self ? state.status.nodes[own.node]?.notices : mine?.notices,
    witness: mine?.witness,
    leaving: own.synchronised ? mine?.leaving : undefined,
    instances: own.synchronised ? (mine?.instances ?? {}) : {},
  };
}

/**
 * Whoever had heard most of what the node has told of itself: mostly the node. Where its Corosync was held up, others may
 * have heard its last words before it told what it knew, and it after that.
 */
function bestInformed({ view }: EngineState, own: Sync, syncs: readonly Sync[]): Sync {
  const incarnation = view.told[own.node]?.incarnation;
  const heardBy = ({ heard }: Sync): number => {
    const known = heard[own.node];
    return known?.incarnation === incarnation ? (known?.count ?? 0) : 0;
  };
  return syncs
    .filter(({ synchronised }) => synchronised)
    .reduce((best, sync) => (heardBy(sync) > heardBy(best) ? sync : best), own);
}

const absentState = (state: NodeState, inRing: boolean): NodeState =>
  state === 'offline' || state === 'lost' ? state : inRing ? 'engine-gone' : 'lost';

/** A fencing that nobody is carrying out any more is to be ordered again. */
const withoutPerformer = (node: NodeStatus, name: NodeName, syncs: readonly Sync[]): NodeStatus['fencing'] =>
  node.fencing?.state === 'running' && !syncs.some(({ fencing }) => fencing.includes(name))
    ? { ...node.fencing, state: 'waiting', by: undefined }
    : node.fencing;

export const unknownNode = (now: Milliseconds, state: NodeState = 'engine-gone'): NodeStatus => ({
  state,
  since: now,
  fenceWanted: undefined,
  fencing: undefined,
  instances: {},
});
