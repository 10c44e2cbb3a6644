import {
  assertNever,
  milliseconds,
  type NodeName,
  type NodeState,
  type NodeStatus,
} from '../../model/index.ts';
import { change, changeNode, isController, multicast, nodeById, tell, timer } from './draft.ts';
import { exchange } from './exchange.ts';
import type { TransportInput } from './input.ts';
import { isInMaintenance } from '../planner/index.ts';
import { isStillOff } from './legacy.ts';
import { hasLeftInOrder, leaveInOrder } from './leaving.ts';
import { abort } from './plan.ts';
import { noSound, type Draft, type EngineState } from './state.ts';

/** A limit that ran out while nobody was the controller is looked at again after this. */
const GRACE_AGAIN = milliseconds(2000);

type ViewEvent = Extract<TransportInput, { kind: 'view' }>;
type RingEvent = Extract<TransportInput, { kind: 'ring' | 'quorum' }>;

/**
 * The group of engines changed: whatever was being carried out is planned anew, and everybody tells what it knows.
 * Total order makes every member compute the same cluster state from the same messages.
 */
export function onView(draft: Draft, event: ViewEvent, absorb: (draft: Draft) => void): void {
  // What the last view left unheard counts for what this engine tells now.
  absorb(draft);
  const { state } = draft;
  change(draft, {
    ring: { ...state.ring, quorate: isQuorumDoubtful(state, event) ? undefined : state.ring.quorate },
    view: {
      ...state.view,
      name: nameOf(event),
      members: event.members.map(({ node }) => node).sort((a, b) => a - b),
      sound: noSound,
    },
    beatSentAt: undefined,
  });
  for (const name of newcomers(state, event))
    change(draft, { comings: { ...draft.state.comings, [name]: (draft.state.comings[name] ?? 0) + 1 } });
  for (const { node, reason } of event.left) {
    const name = nodeById(state, node)?.name;
    if (name !== undefined && name !== state.self) onEngineLeft(draft, name, reason);
  }
  for (const id of draft.state.view.members) {
    const name = nodeById(state, id)?.name;
    if (name !== undefined) changeNode(draft, name, (node) => to(draft, node, beforeItHasTold(node)));
  }
  exchange(draft);
}

/**
 * Of what was lost nothing is known before it has told, and where it goes again without a word, or stays silent, still
 * nothing is: it must be fenced as before (S1).
 */
const beforeItHasTold = ({ state }: NodeStatus): NodeState =>
  state === 'online' || state === 'lost' ? state : 'joining';

/** Engines that were not in the last view, or not that process of them, or have left it meanwhile. */
const newcomers = (state: EngineState, event: ViewEvent): readonly NodeName[] => {
  const before = new Set(state.view.name.split(' '));
  const left = new Set(event.left.map(({ node }) => node));
  return event.members
    .filter((member) => left.has(member.node) || !before.has(nameOf({ ...event, members: [member] })))
    .flatMap(({ node }) => nodeById(state, node)?.name ?? []);
};

const nameOf = ({ members }: ViewEvent): string =>
  members
    .map(({ node, process }) => `${node}.${process}`)
    .sort()
    .join(' ');

/** A node is gone and the ring that says so has not been told yet: its quorum event follows. */
const isQuorumDoubtful = (state: EngineState, event: ViewEvent): boolean =>
  event.left.some(({ node, reason }) => reason === 'nodedown' && state.ring.nodes.includes(node));

function onEngineLeft(draft: Draft, node: NodeName, reason: 'leave' | 'nodedown' | 'procdown'): void {
  const before = draft.state.status.nodes[node]?.state;
  if (before === 'offline') return;
  if (before === 'lost' && reason !== 'nodedown') return;
  const wasHere = before === 'online' || before === 'engine-gone';
  if (wasHere && hasLeftInOrder(draft.state, node)) return leaveInOrder(draft, node);
  switch (reason) {
    case 'nodedown':
      return lose(draft, node);
    case 'leave':
    case 'procdown':
      doubtWhatWasUnderWay(draft, node);
      changeNode(draft, node, (status) => to(draft, status, 'engine-gone'));
      tell(
        draft,
        'node.engine-gone',
        { node },
        `The engine of ${node} is gone; what runs there goes on, unwatched`,
      );
      return timer(draft, `engine-grace ${node}`, draft.state.config.current.properties.engineGrace);
    default:
      return assertNever(reason);
  }
}

/** What that engine had begun may have its effect all the same, and nobody is left there to tell (S1). */
function doubtWhatWasUnderWay(draft: Draft, node: NodeName): void {
  const begun = Object.values(draft.state.inFlight).filter(
    (flight) => flight.node === node && flight.unheard !== true,
  );
  if (begun.length === 0) return;
  changeNode(draft, node, (status) => ({
    ...status,
    instances: {
      ...status.instances,
      ...Object.fromEntries(
        begun.map(({ resource }) => [
          resource,
          { observation: 'unknown' as const, failures: status.instances[resource]?.failures },
        ]),
      ),
    },
  }));
}

function lose(draft: Draft, node: NodeName): void {
  changeNode(draft, node, (status) => to(draft, status, 'lost'));
  tell(draft, 'node.lost', { node }, `${node} is lost without a word; it must be fenced`);
}

const to = (draft: Draft, node: NodeStatus, state: NodeState): NodeStatus =>
  node.state === state ? node : { ...node, state, since: draft.now };

/** Corosync's ring: quorum is unknown from a ring change until the quorum event of the same ring. */
export function onRing(draft: Draft, event: RingEvent): void {
  const { ring } = draft.state;
  const sequence = event.ring.sequence;
  const quorate =
    event.kind === 'quorum' ? event.quorate : sequence === ring.sequence ? ring.quorate : undefined;
  change(draft, { ring: { sequence, nodes: event.nodes, quorate } });
  const isNew = quorate !== undefined && quorate !== draft.state.status.quorate;
  if (isNew) {
    change(draft, { status: { ...draft.state.status, quorate } });
    tell(draft, 'cluster.quorum', {}, quorate ? 'This partition has quorum' : 'This partition has no quorum');
    abort(draft, quorate ? 'there is quorum' : 'there is no quorum');
  }
  if (!draft.state.view.complete) return;
  // What was ordered with quorum, and is on its way or waits, is void without it, or where that is not known yet (S3):
  // in every new ring, were it of the same nodes, such as one that was held up for a while forms for itself.
  let isAnythingVoid = sequence !== ring.sequence || (isNew && !quorate);
  for (const { name, id } of Object.values(draft.state.config.current.nodes)) {
    const state = draft.state.status.nodes[name]?.state;
    if (state !== 'engine-gone' || event.nodes.includes(id)) continue;
    if (isStillOff(draft.state, name)) {
      changeNode(draft, name, (node) => to(draft, node, 'offline'));
      abort(draft, `${name} is off, as before`);
      continue;
    }
    lose(draft, name);
    // The group of engines stays as it is. What was ordered while the node was there is void (S2).
    isAnythingVoid = true;
  }
  if (isAnythingVoid) exchange(draft);
}

/** An engine that cannot come back within its limit is fenced by its peer, not trusted. */
export function onEngineGrace(draft: Draft, node: NodeName): void {
  if (draft.state.status.nodes[node]?.state !== 'engine-gone') return;
  const { generation } = draft.state.view;
  const reason = `its engine has been gone for longer than ${draft.state.config.current.properties.engineGrace / 1000} s`;
  const isLeftAlone = isInMaintenance(draft.state.config.current, node);
  if (isController(draft.state) && !isLeftAlone)
    return multicast(draft, { kind: 'fence-wanted', target: node, reason, generation });
  timer(draft, `engine-grace ${node}`, GRACE_AGAIN);
}
