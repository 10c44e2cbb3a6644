import {
  assertNever,
  milliseconds,
  type ClusterConfig,
  type ClusterStatus,
  type Milliseconds,
  type NodeName,
  type NodeState,
  type NodeStatus,
} from '../../model/index.ts';
import { isOnDisk, onConfig, tellPersisted } from './configuration.ts';
import { change, changeNode, isController, multicast, nodeById, note, tell, timer } from './draft.ts';
import type { TransportInput } from './input.ts';
import { PROTOCOL, type InFlight, type Message, type Sync } from './messages.ts';
import { abort, awaitAnswer, flightOf } from './plan.ts';
import type { Draft, EngineState } from './state.ts';

/** A fencing that failed before the view changed is tried again after this. */
const FENCE_SOON = milliseconds(1000);
/** A limit that ran out while nobody was the controller is looked at again after this. */
const GRACE_AGAIN = milliseconds(2000);

type ViewEvent = Extract<TransportInput, { kind: 'view' }>;
type RingEvent = Extract<TransportInput, { kind: 'ring' | 'quorum' }>;

/**
 * The group of engines changed: whatever was being carried out is planned anew, and everybody tells what it knows.
 * Total order makes every member compute the same cluster state from the same messages.
 */
export function onView(
  draft: Draft,
  event: ViewEvent,
  absorb: (draft: Draft, message: Message) => void,
): void {
  // What the last view left unheard counts for what this engine tells now.
  for (const { message } of draft.state.view.deferred) absorb(draft, message);
  const { state } = draft;
  change(draft, {
    // Orders that had not begun are void with the generation they were given in (S8).
    executor: { ...state.executor, queue: [] },
    ring: { ...state.ring, quorate: isQuorumDoubtful(state, event) ? undefined : state.ring.quorate },
    view: { ...state.view, members: event.members.map(({ node }) => node).sort((a, b) => a - b) },
  });
  for (const { node, reason } of event.left) {
    const name = nodeById(state, node)?.name;
    if (name !== undefined && name !== state.self) onEngineLeft(draft, name, reason);
  }
  for (const id of draft.state.view.members) {
    const name = nodeById(state, id)?.name;
    if (name !== undefined)
      changeNode(draft, name, (node) => to(draft, node, node.state === 'online' ? 'online' : 'joining'));
  }
  exchange(draft);
}

/** Everybody in the view tells what it knows, from the beginning. */
function exchange(draft: Draft): void {
  change(draft, {
    plan: undefined,
    view: { ...draft.state.view, syncs: {}, complete: false, deferred: [], controller: undefined },
  });
  sendSync(draft);
}

/** A node is gone and the ring that says so has not been told yet: its quorum event follows. */
const isQuorumDoubtful = (state: EngineState, event: ViewEvent): boolean =>
  event.left.some(({ node, reason }) => reason === 'nodedown' && state.ring.nodes.includes(node));

function onEngineLeft(draft: Draft, node: NodeName, reason: 'leave' | 'nodedown' | 'procdown'): void {
  const before = draft.state.status.nodes[node]?.state;
  if (before === 'offline') return;
  switch (reason) {
    case 'nodedown':
      return lose(draft, node);
    case 'leave':
    case 'procdown':
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

function lose(draft: Draft, node: NodeName): void {
  changeNode(draft, node, (status) => to(draft, status, 'lost'));
  tell(draft, 'node.lost', { node }, `${node} is lost without a word; it must be fenced`);
}

const to = (draft: Draft, node: NodeStatus, state: NodeState): NodeStatus =>
  node.state === state ? node : { ...node, state, since: draft.now };

function sendSync(draft: Draft): void {
  const { state } = draft;
  multicast(draft, {
    kind: 'sync',
    protocol: PROTOCOL,
    clusterId: state.config.current.clusterId,
    node: state.self,
    incarnation: state.incarnation,
    boot: state.boot,
    synchronised: state.wasSynchronised,
    generation: state.view.generation,
    changedIn: state.config.current.generation,
    revision: state.config.current.revision,
    hash: state.config.hash,
    nodes: state.status.nodes,
    inFlight: Object.values(state.executor.work).flatMap((work) =>
      work.kind === 'monitor' ? [] : [flightOf(work.action)],
    ),
    fencing: Object.values(state.fencing)
      .filter(({ step }) => step !== 'restoring')
      .map(({ target }) => target),
    boots: state.boots,
  });
}

export function onSync(draft: Draft, from: number, sync: Sync): void {
  const { state } = draft;
  // One too many: what was counted had been told for an earlier view, and is not true any more.
  if (state.view.complete) return exchange(draft);
  const sender = nodeById(state, from);
  if (
    sync.protocol !== PROTOCOL ||
    sync.clusterId !== state.config.current.clusterId ||
    sender?.name !== sync.node
  ) {
    note(
      draft,
      'error',
      `refused the state of Corosync node ${from} (${sync.node}): another protocol, cluster or name`,
    );
    return;
  }
  const syncs = { ...state.view.syncs, [sync.node]: sync };
  change(draft, { view: { ...state.view, syncs } });
  settle(draft);
}

/** All have told: the newest configuration wins, and where all hold it the view is complete. */
function settle(draft: Draft): void {
  const { view, self } = draft.state;
  const syncs = orderedSyncs(draft.state);
  if (view.complete || syncs.length < view.members.length) return;
  if (!maySettle(draft.state, syncs)) return;
  const best = winner(syncs);
  if (best === undefined) return;
  if (syncs.every(({ hash }) => hash === best.hash)) return complete(draft);
  if (best.node === self) {
    multicast(draft, { kind: 'config', hash: draft.state.config.hash, config: draft.state.config.current });
  }
}

/** After its boot a node that has heard of nobody else's knowledge waits for the others, whom Corosync may have shown it. */
const maySettle = (state: EngineState, syncs: readonly Sync[]): boolean =>
  state.mayActAlone ||
  syncs.some(({ synchronised }) => synchronised) ||
  syncs.length === Object.keys(state.config.current.nodes).length;

/** The winner's configuration has reached everybody: from here on all hold the same. One for an earlier view is not it. */
export function onWinner(draft: Draft, hash: string, config: ClusterConfig): void {
  const { view } = draft.state;
  const syncs = orderedSyncs(draft.state);
  if (view.complete || syncs.length < view.members.length || winner(syncs)?.hash !== hash) return;
  onConfig(draft, hash, config);
  complete(draft);
}

/** Of configurations that differ. */
const winner = (syncs: readonly Sync[]): Sync | undefined =>
  [...syncs].sort(
    (a, b) =>
      Number(b.synchronised) - Number(a.synchronised) || b.changedIn - a.changedIn || b.revision - a.revision,
  )[0];

/** In the order of Corosync's node ids. */
function orderedSyncs(state: EngineState): readonly Sync[] {
  return state.view.members.flatMap((id) => {
    const name = nodeById(state, id)?.name;
    const sync = name === undefined ? undefined : state.view.syncs[name];
    return sync === undefined ? [] : [sync];
  });
}

function complete(draft: Draft): void {
  const { state } = draft;
  const syncs = orderedSyncs(state);
  const senior = syncs.find(({ synchronised }) => synchronised) ?? syncs[0];
  if (senior === undefined) return;
  const inFlight = Object.fromEntries(
    syncs.flatMap((sync) => sync.inFlight.map((flight): [string, InFlight] => [flight.action, flight])),
  );
  const before = state.status;
  change(draft, {
    wasSynchronised: true,
    mayActAlone: state.mayActAlone || isOnDisk(state.config),
    proposed: {},
    inFlight,
    status: mergedStatus(draft, syncs, senior),
    boots: { ...senior.boots, ...Object.fromEntries(syncs.map(({ node, boot }) => [node, boot])) },
    config: { ...draft.state.config, persisted: {} },
    view: {
      ...state.view,
      complete: true,
      deferred: [],
      generation: Math.max(...syncs.map(({ generation }) => generation)) + 1,
      controller: senior.node,
    },
  });
  for (const sync of syncs) {
    if (before.nodes[sync.node]?.state !== 'online')
      tell(draft, 'node.joined', { node: sync.node }, `${sync.node} is online`);
  }
  tellPersisted(draft);
  note(draft, 'info', `view complete: ${syncs.map(({ node }) => node).join(', ')}; ${senior.node} is the DC`);
  rearm(draft);
}

/** The timers of what is under way, on whoever has to do with it now. */
function rearm(draft: Draft): void {
  const { inFlight, status, config } = draft.state;
  for (const [node, { state, fencing }] of Object.entries(status.nodes)) {
    if (state === 'engine-gone') timer(draft, `engine-grace ${node}`, config.current.properties.engineGrace);
    if (fencing?.state === 'failing') timer(draft, `fence-retry ${node}`, FENCE_SOON);
  }
  if (!isController(draft.state)) return;
  for (const flight of Object.values(inFlight)) awaitAnswer(draft, flight);
}

/**
 * Members are the authority on what runs on them; for absent nodes the senior member's knowledge counts. Where nobody
 * was synchronised before (a cold start) an absent node may be running anything: lost.
 */
function mergedStatus(draft: Draft, syncs: readonly Sync[], senior: Sync): ClusterStatus {
  const { state, now } = draft;
  const nodes = Object.values(state.config.current.nodes).map(({ name, id }): [NodeName, NodeStatus] => {
    const known = senior.synchronised ? senior.nodes[name] : undefined;
    const own = syncs.find(({ node }) => node === name);
    if (own !== undefined) return [name, present(now, own, known, senior, syncs)];
    const absent = known ?? unknownNode(now);
    // Until Corosync has told, its node may be there: its engine gets the time to come.
    const inRing = state.ring.nodes.includes(id) || state.ring.nodes.length === 0;
    return [
      name,
      { ...absent, state: absentState(absent.state, inRing), fencing: withoutPerformer(absent, name, syncs) },
    ];
  });
  return { quorate: state.ring.quorate === true, nodes: Object.fromEntries(nodes) };
}

function present(
  now: Milliseconds,
  own: Sync,
  known: NodeStatus | undefined,
  senior: Sync,
  syncs: readonly Sync[],
): NodeStatus {
  const mine = own.nodes[own.node];
  const before = senior.boots[own.node];
  const returned = (before !== undefined && before !== own.boot) || known?.state === 'offline';
  return {
    state: 'online',
    since: known?.state === 'online' ? known.since : now,
    // A node that has booted anew, or was confirmed off, is not the one that had to be fenced.
    fenceWanted: returned ? undefined : known?.fenceWanted,
    fencing:
      returned || known?.fenceWanted === undefined ? undefined : withoutPerformer(known, own.node, syncs),
    device: known?.device,
    notices: mine?.notices,
    instances: own.synchronised ? (mine?.instances ?? {}) : {},
  };
}

const absentState = (state: NodeState, inRing: boolean): NodeState =>
  state === 'offline' || state === 'lost' ? state : inRing ? 'engine-gone' : 'lost';

/** A fencing that nobody is carrying out any more is to be ordered again. */
const withoutPerformer = (node: NodeStatus, name: NodeName, syncs: readonly Sync[]): NodeStatus['fencing'] =>
  node.fencing?.state === 'running' && !syncs.some(({ fencing }) => fencing.includes(name))
    ? { ...node.fencing, state: 'waiting', by: undefined }
    : node.fencing;

export const unknownNode = (now: NodeStatus['since']): NodeStatus => ({
  state: 'engine-gone',
  since: now,
  fenceWanted: undefined,
  fencing: undefined,
  instances: {},
});

/** Corosync's ring: quorum is unknown from a ring change until the quorum event of the same ring. */
export function onRing(draft: Draft, event: RingEvent): void {
  const { ring } = draft.state;
  const sequence = event.ring.sequence;
  const quorate =
    event.kind === 'quorum' ? event.quorate : sequence === ring.sequence ? ring.quorate : undefined;
  change(draft, { ring: { sequence, nodes: event.nodes, quorate } });
  if (quorate !== undefined && quorate !== draft.state.status.quorate) {
    change(draft, { status: { ...draft.state.status, quorate } });
    tell(draft, 'cluster.quorum', {}, quorate ? 'This partition has quorum' : 'This partition has no quorum');
  }
  if (!draft.state.view.complete) return;
  for (const { name, id } of Object.values(draft.state.config.current.nodes)) {
    const state = draft.state.status.nodes[name]?.state;
    if (state !== 'engine-gone' || event.nodes.includes(id)) continue;
    lose(draft, name);
    abort(draft, `${name} is lost`);
  }
}

/** An engine that cannot come back within its limit is fenced by its peer, not trusted. */
export function onEngineGrace(draft: Draft, node: NodeName): void {
  if (draft.state.status.nodes[node]?.state !== 'engine-gone') return;
  const reason = `its engine has been gone for longer than ${draft.state.config.current.properties.engineGrace / 1000} s`;
  if (isController(draft.state)) return multicast(draft, { kind: 'fence-wanted', target: node, reason });
  timer(draft, `engine-grace ${node}`, GRACE_AGAIN);
}
