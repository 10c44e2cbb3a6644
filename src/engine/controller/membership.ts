import {
  assertNever,
  milliseconds,
  type ClusterStatus,
  type Milliseconds,
  type NodeName,
  type NodeState,
  type NodeStatus,
} from '../../model/index.ts';
import { inOwnTime } from './clock.ts';
import { isOnDisk, mend, onConfig, tellLoss, tellPersisted } from './configuration.ts';
import { change, changeNode, isController, multicast, nodeById, note, tell, timer } from './draft.ts';
import type { TransportInput } from './input.ts';
import { isInMaintenance } from '../planner/index.ts';
import { hasLeftInOrder, leaveInOrder } from './leaving.ts';
import type { Heard, InFlight, Message, Sync } from './messages.ts';
import { abort, awaitAnswer, flightOf } from './plan.ts';
import { noSound, type Draft, type EngineState, type KnownOff, type Told, type ViewState } from './state.ts';

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
export function onView(draft: Draft, event: ViewEvent, absorb: (draft: Draft) => void): void {
  // What the last view left unheard counts for what this engine tells now.
  absorb(draft);
  const { state } = draft;
  change(draft, {
    // Orders that had not begun are void with the generation they were given in (S8).
    executor: { ...state.executor, queue: [] },
    ring: { ...state.ring, quorate: isQuorumDoubtful(state, event) ? undefined : state.ring.quorate },
    view: {
      ...state.view,
      members: event.members.map(({ node }) => node).sort((a, b) => a - b),
      sound: noSound,
    },
    beatSentAt: undefined,
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
export function exchange(draft: Draft): void {
  change(draft, {
    plan: undefined,
    view: { ...draft.state.view, syncs: {}, told: {}, complete: false, controller: undefined },
  });
  sendSync(draft);
}

/** A node is gone and the ring that says so has not been told yet: its quorum event follows. */
const isQuorumDoubtful = (state: EngineState, event: ViewEvent): boolean =>
  event.left.some(({ node, reason }) => reason === 'nodedown' && state.ring.nodes.includes(node));

function onEngineLeft(draft: Draft, node: NodeName, reason: 'leave' | 'nodedown' | 'procdown'): void {
  const before = draft.state.status.nodes[node]?.state;
  if (before === 'offline') return;
  const wasHere = before === 'online' || before === 'engine-gone';
  if (wasHere && hasLeftInOrder(draft.state, node)) return leaveInOrder(draft, node);
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
    node: state.self,
    now: draft.now,
    boot: state.boot,
    synchronised: state.wasSynchronised,
    mayActAlone: state.mayActAlone,
    knownOff: state.knownOff,
    generation: state.view.generation,
    changedIn: state.config.current.generation,
    revision: state.config.current.revision,
    hash: state.config.hash,
    intact: state.config.intact,
    nodes: state.status.nodes,
    inFlight: [...state.executor.work.values()].flatMap((work) =>
      work.kind === 'monitor' ? [] : [flightOf(work.action)],
    ),
    fencing: Object.values(state.fencing)
      .filter(({ step }) => step !== 'restoring')
      .map(({ target }) => target),
    boots: state.boots,
    heard: state.heard,
  });
}

/** `told`: the message that it came in; its sender has been looked at. */
export function onSync(draft: Draft, told: Told, sync: Sync): void {
  const { view, self } = draft.state;
  // One too many: what was counted had been told for an earlier view, and is not true any more.
  if (view.complete) return exchange(draft);
  const own = sync.node === self ? sync : inOwnTime(sync, draft.now);
  change(draft, {
    view: {
      ...view,
      syncs: { ...view.syncs, [sync.node]: own },
      told: { ...view.told, [sync.node]: told },
    },
  });
  settle(draft);
}

/** The members that the view waits for. */
const awaited = ({ members, sound }: ViewState): readonly number[] =>
  members.filter((id) => !sound.leftOut.includes(id));

/** All have told: the newest configuration wins, and where all hold it the view is complete. */
export function settle(draft: Draft): void {
  const { view, self } = draft.state;
  const syncs = orderedSyncs(draft.state);
  if (view.complete || syncs.length < awaited(view).length) return;
  if (!maySettle(draft.state, syncs)) return;
  const best = winner(syncs);
  if (best === undefined) return;
  if (syncs.every(({ hash }) => hash === best.hash)) return complete(draft);
  if (best.node === self) {
    const { hash, current: config, trail } = draft.state.config;
    multicast(draft, { kind: 'config', hash, config, trail });
  }
}

/** Somebody has not told, or was not heard; not: all have told, and wait for a node that is not there yet. */
export function isStuck(state: EngineState): boolean {
  const syncs = orderedSyncs(state);
  return syncs.length < awaited(state.view).length || maySettle(state, syncs);
}

/** After its boot a node that has heard of nobody else's knowledge waits for the others, whom Corosync may have shown it. */
const maySettle = (state: EngineState, syncs: readonly Sync[]): boolean =>
  syncs.some(({ synchronised, mayActAlone }) => synchronised || mayActAlone) ||
  syncs.length === Object.keys(state.config.current.nodes).length;

/** The winner's configuration has reached everybody: from here on all hold the same. One for an earlier view is not it. */
export function onWinner(draft: Draft, { hash, config, trail }: Extract<Message, { kind: 'config' }>): void {
  const { view } = draft.state;
  const syncs = orderedSyncs(draft.state);
  if (view.complete || syncs.length < awaited(view).length || winner(syncs)?.hash !== hash) return;
  const loss = onConfig(draft, hash, config, trail);
  complete(draft);
  if (loss !== undefined) tellLoss(draft, loss);
}

/**
 * Of configurations that differ. One that is only the readable part of a damaged log (`intact: false`) was whole and
 * agreed on once, and is no newer than the log was. So it loses against every undamaged one that is at least as new,
 * and can win only where the whole log would have won as well: against a node that is known to have been away, whose
 * configuration would lose still more of what was acknowledged. Of damaged ones, the one that reaches furthest wins.
 * Such a node was not synchronised since it started and may not act alone, so that before any of this is asked, all
 * nodes of the cluster are there or one that knows is (`maySettle`).
 */
const winner = (syncs: readonly Sync[]): Sync | undefined =>
  [...syncs].sort(
    (a, b) =>
      Number(b.synchronised) - Number(a.synchronised) ||
      b.changedIn - a.changedIn ||
      b.revision - a.revision ||
      Number(b.intact) - Number(a.intact),
  )[0];

/** In the order of Corosync's node ids, by which each was sent: a node may have joined that this one does not know yet. */
function orderedSyncs({ view }: EngineState): readonly Sync[] {
  return awaited(view).flatMap((id) => {
    const [name] = Object.entries(view.told).find(([, { from }]) => from === id) ?? [];
    const sync = name === undefined ? undefined : view.syncs[name];
    return sync === undefined ? [] : [sync];
  });
}

function complete(draft: Draft): void {
  const { state } = draft;
  // All hold the same configuration now: who is not in it has no say.
  const syncs = orderedSyncs(state).filter(({ node }) => state.config.current.nodes[node] !== undefined);
  const senior = syncs.find(({ synchronised }) => synchronised) ?? syncs[0];
  if (senior === undefined) return;
  const inFlight = Object.fromEntries(
    syncs.flatMap((sync) => sync.inFlight.map((flight): [string, InFlight] => [flight.action, flight])),
  );
  const before = state.status;
  // Before the states are merged, so that all members do it alike.
  change(draft, { knownOff: newestKnowledge(syncs) });
  change(draft, {
    wasSynchronised: true,
    mayActAlone: state.mayActAlone || isOnDisk(state.config),
    proposed: {},
    inFlight,
    status: mergedStatus(draft, syncs, senior),
    boots: { ...senior.boots, ...Object.fromEntries(syncs.map(({ node, boot }) => [node, boot])) },
    heard: heardBefore(state, syncs),
    config: { ...draft.state.config, persisted: {} },
    view: {
      ...state.view,
      complete: true,
      sound: { ...state.view.sound, beats: {}, heardAt: {}, waited: 0 },
      deferred: [],
      generation: Math.max(...syncs.map(({ generation }) => generation)) + 1,
      controller: senior.node,
    },
  });
  for (const sync of syncs) {
    if (before.nodes[sync.node]?.state !== 'online')
      tell(draft, 'node.joined', { node: sync.node }, `${sync.node} is online`);
  }
  mend(draft, winner(syncs)?.intact === true);
  tellPersisted(draft);
  note(draft, 'info', `view complete: ${syncs.map(({ node }) => node).join(', ')}; ${senior.node} is the DC`);
  rearm(draft);
}

/** Of the engines that started anew, what the one whose ring is the newest had been left by the engine before it. */
const newestKnowledge = (syncs: readonly Sync[]): KnownOff =>
  syncs.map(({ knownOff }) => knownOff).reduce((best, one) => (one.ring > best.ring ? one : best));

/**
 * What the members had heard of each other before they told: the most that any of them had of a sender's present life.
 * What waited is heard after that, and nothing of before is heard again.
 */
function heardBefore({ view }: EngineState, syncs: readonly Sync[]): EngineState['heard'] {
  const names = [...new Set(syncs.flatMap(({ node, heard }) => [node, ...Object.keys(heard)]))];
  return Object.fromEntries(
    names.flatMap((name): [NodeName, Heard][] => {
      const known = syncs.flatMap(({ heard }) => heard[name] ?? []);
      const incarnation = (view.told[name] ?? known[0])?.incarnation;
      if (incarnation === undefined) return [];
      const counts = known.filter((heard) => heard.incarnation === incarnation).map(({ count }) => count);
      return [[name, { incarnation, count: Math.max(0, ...counts) }]];
    }),
  );
}

/** The timers of what is under way, on whoever has to do with it now. */
export function rearm(draft: Draft): void {
  const { inFlight, status, config, view } = draft.state;
  for (const [node, { state, fencing }] of Object.entries(status.nodes)) {
    const isMember = view.members.includes(config.current.nodes[node]?.id ?? 0);
    if (state === 'engine-gone' && !isMember)
      timer(draft, `engine-grace ${node}`, config.current.properties.engineGrace);
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
    const own = syncs.find(({ node }) => node === name);
    if (own !== undefined)
      return [name, present(now, own, senior.synchronised ? senior.nodes[name] : undefined, senior, syncs)];
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
    leaving: own.synchronised ? mine?.leaving : undefined,
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

export const unknownNode = (now: Milliseconds, state: NodeState = 'engine-gone'): NodeStatus => ({
  state,
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
    if (isStillOff(draft.state, name)) {
      changeNode(draft, name, (node) => to(draft, node, 'offline'));
      abort(draft, `${name} is off, as before`);
      continue;
    }
    lose(draft, name);
    abort(draft, `${name} is lost`);
  }
}

/** The last engine of this boot knew it, and Corosync's ring has not changed since. */
const isStillOff = ({ knownOff, ring }: EngineState, name: NodeName): boolean =>
  knownOff.ring === ring.sequence && knownOff.nodes.includes(name) && ring.sequence > 0;

/** For the next engine of this boot. */
export function whoIsOff({ transportUp, status, ring, config }: EngineState): KnownOff {
  if (!transportUp || ring.sequence === 0) return { ring: 0, nodes: [] };
  const nodes = Object.values(config.current.nodes)
    .filter(({ name, id }) => status.nodes[name]?.state === 'offline' && !ring.nodes.includes(id))
    .map(({ name }) => name);
  return { ring: ring.sequence, nodes };
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
