import { milliseconds, type NodeName } from '../../model/index.ts';
import { isUnderWay } from '../fencing/performing.ts';
import { inOwnTime } from './clock.ts';
import { countedUpTo } from './legacy.ts';
import { isOnDisk, mend, onConfig, tellLoss, tellPersisted } from './configuration.ts';
import { change, isController, multicast, note, tell, timer } from './draft.ts';
import { mergedStatus } from './merged-status.ts';
import type { Heard, InFlight, Message, Sync } from './messages.ts';
import { awaitAnswer, flightOf } from './plan.ts';
import {
  nothingTold,
  type Draft,
  type EngineState,
  type KnownOff,
  type Told,
  type ViewState,
} from './state.ts';

/** A fencing that failed before the view changed is tried again after this. */
const FENCE_SOON = milliseconds(1000);

/** Everybody in the view tells what it knows, from the beginning. */
export function exchange(draft: Draft): void {
  change(draft, {
    plan: undefined,
    // Orders that had not begun are void with the generation they were given in (S8).
    executor: { ...draft.state.executor, queue: [] },
    view: { ...draft.state.view, ...nothingTold },
  });
  sendSync(draft);
}

function sendSync(draft: Draft): void {
  const { state } = draft;
  multicast(draft, {
    kind: 'sync',
    view: state.view.name,
    node: state.self,
    now: draft.now,
    boot: state.boot,
    synchronised: state.wasSynchronised,
    mayActAlone: state.mayActAlone,
    knownOff: state.knownOff,
    generation: countedUpTo(state),
    changedIn: state.config.current.generation,
    revision: state.config.current.revision,
    hash: state.config.hash,
    intact: state.config.intact,
    nodes: state.status.nodes,
    inFlight: [...state.executor.work.values()].flatMap((work) =>
      work.kind === 'monitor' ? [] : [flightOf(work.action)],
    ),
    fencing: Object.values(state.fencing)
      .filter(isUnderWay)
      .map(({ target }) => target),
    boots: state.boots,
    comings: state.comings,
    heard: state.heard,
  });
}

/** `told`: the message that it came in; its sender has been looked at. */
export function onSync(draft: Draft, told: Told, sync: Sync): void {
  const { view, self } = draft.state;
  // One too many: somebody agrees anew.
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

/** All have told, and say so: the newest configuration wins, and where all hold it the view is complete. */
export function settle(draft: Draft): void {
  const { view, self } = draft.state;
  const syncs = orderedSyncs(draft.state);
  if (view.complete || syncs.length < awaited(view).length) return;
  if (!maySettle(draft.state, syncs)) return;
  if (!allAgree(view)) return agree(draft, syncs);
  const best = winner(syncs);
  if (best === undefined) return;
  if (syncs.every(({ hash }) => hash === best.hash)) return complete(draft);
  if (best.node === self) {
    const { hash, current: config, trail } = draft.state.config;
    multicast(draft, { kind: 'config', hash, config, trail });
  }
}

/**
 * A view of the same members may have come and gone, and what was told for it may come only now, which no other member
 * can see by it. Its sender has told anew since, before it agrees to anything: so nothing of before is agreed to by all.
 */
function agree(draft: Draft, syncs: readonly Sync[]): void {
  const { view } = draft.state;
  const told = toldIn(view);
  if (view.agreedTo === told) return;
  change(draft, { view: { ...view, agreedTo: told, counted: nextGeneration(syncs) } });
  multicast(draft, { kind: 'agree', told });
}

export function onAgree(draft: Draft, from: number, told: string): void {
  const { view } = draft.state;
  if (view.complete) return;
  change(draft, { view: { ...view, agreed: { ...view.agreed, [from]: told } } });
  settle(draft);
}

const allAgree = (view: ViewState): boolean => {
  const told = toldIn(view);
  return awaited(view).every((id) => view.agreed[id] === told);
};

/** The messages in which the awaited members have told what they know. */
const toldIn = (view: ViewState): string =>
  awaited(view)
    .flatMap((id) => Object.values(view.told).find(({ from }) => from === id) ?? [])
    .map(({ from, incarnation, count }) => `${from}.${incarnation}.${count}`)
    .join(' ');

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
  if (view.complete || syncs.length < awaited(view).length || !allAgree(view)) return;
  if (winner(syncs)?.hash !== hash) return;
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
    comings: mostComings(syncs),
    heard: heardBefore(state, syncs),
    config: { ...draft.state.config, persisted: {} },
    view: {
      ...state.view,
      complete: true,
      sound: { ...state.view.sound, beats: {}, heardAt: {}, waited: 0 },
      deferred: [],
      generation: nextGeneration(syncs),
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

const nextGeneration = (syncs: readonly Sync[]): number =>
  Math.max(...syncs.map(({ generation }) => generation)) + 1;

/** Of the engines that started anew, what the one whose ring is the newest had been left by the engine before it. */
const newestKnowledge = (syncs: readonly Sync[]): KnownOff =>
  syncs.map(({ knownOff }) => knownOff).reduce((best, one) => (one.ring > best.ring ? one : best));

/** Who was in more views has seen more of them. */
function mostComings(syncs: readonly Sync[]): EngineState['comings'] {
  const names = [...new Set(syncs.flatMap(({ comings }) => Object.keys(comings)))].sort();
  return Object.fromEntries(
    names.map((name) => [name, Math.max(...syncs.map(({ comings }) => comings[name] ?? 0))]),
  );
}

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
