import type { NodeName, NodeStatus, ResourceId } from '../../model/index.ts';
import { definitions } from '../executor/definitions.ts';
import { isOnDisk } from './configuration.ts';
import { change, changeNode, tell } from './draft.ts';
import { abort } from './plan.ts';
import type { Draft, EngineState } from './state.ts';

/**
 * A node that leaves in order: nothing is put there any more, what it runs moves away or is stopped. When nothing is
 * active there, its engine may go, and the node is off without having been fenced. Ends with the next start of its
 * engine, or when it is told to stay.
 */
export function onLeaving(draft: Draft, node: NodeName, isLeaving: boolean): void {
  const status = draft.state.status.nodes[node];
  if (status?.state !== 'online' || isLeaving === (status.leaving !== undefined)) return;
  changeNode(draft, node, (before) => {
    return { ...before, leaving: isLeaving ? draft.now : undefined };
  });
  const { self, wasSynchronised, config } = draft.state;
  if (node === self && !isLeaving) change(draft, { mayActAlone: wasSynchronised && isOnDisk(config) });
  tell(
    draft,
    'node.leaving',
    { node },
    isLeaving ? `${node} is leaving: what it runs moves away` : `${node} stays after all`,
  );
  abort(draft, `${node} ${isLeaving ? 'is leaving' : 'stays'}`);
}

/** What is active on the node, may be so, or is being worked on: as long as there is any, it may not go. */
export function activeOn(state: EngineState, node: NodeName): readonly ResourceId[] {
  const instances = state.status.nodes[node]?.instances ?? {};
  const known = new Set(definitions(state).map(({ id }) => id));
  const isStopped = (id: ResourceId): boolean => {
    const seen = instances[id]?.observation ?? 'unknown';
    // What was deleted before anybody looked here is not looked at any more: nothing of it can be left.
    return seen === 'unknown' ? !known.has(id) : seen.state === 'stopped';
  };
  const busy = Object.values(state.inFlight).flatMap((flight) =>
    flight.node === node ? [flight.resource] : [],
  );
  const all = new Set([...known, ...Object.keys(instances)]);
  return [...new Set([...[...all].filter((id) => !isStopped(id)), ...busy])].sort();
}

/** It has told that it is leaving, and nothing can be running there any more: it need not be fenced when it goes. */
export const hasLeftInOrder = (state: EngineState, node: NodeName): boolean =>
  state.status.nodes[node]?.leaving !== undefined && activeOn(state, node).length === 0;

/** Known to run nothing. The mark stays, to tell it from one that was fenced. */
export function leaveInOrder(draft: Draft, node: NodeName): void {
  changeNode(draft, node, (status): NodeStatus => ({
    ...status,
    state: 'offline',
    since: draft.now,
    fenceWanted: undefined,
    fencing: undefined,
    instances: {},
  }));
  tell(draft, 'node.left', { node }, `${node} has left in order; nothing runs there`);
}

/**
 * While another node is there to go on, a node that leaves will not know what happens afterwards: its next engine does
 * nothing before it has heard of the others, as after a boot (S7).
 */
export function rememberLeaving(draft: Draft): void {
  const { self, status, view, mayActAlone } = draft.state;
  if (!view.complete || !mayActAlone || status.nodes[self]?.leaving === undefined) return;
  const goesOn = Object.entries(status.nodes).some(
    ([name, node]) => name !== self && node.state === 'online' && node.leaving === undefined,
  );
  if (goesOn) change(draft, { mayActAlone: false });
}
