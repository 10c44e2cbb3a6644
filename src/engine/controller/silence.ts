import { milliseconds, type Milliseconds, type NodeName } from '../../model/index.ts';
import { isInMaintenance } from '../planner/index.ts';
import { compareClocks, noteClock, timeOfDayNow } from './clock.ts';
import { tellPersisted } from './configuration.ts';
import {
  change,
  changeNode,
  isController,
  mayMulticast,
  multicast,
  nodeById,
  note,
  tell,
  timer,
} from './draft.ts';
import { exchange, isStuck, rearm, settle } from './exchange.ts';
import type { Envelope } from './messages.ts';
import { abort } from './plan.ts';
import { endRefusals } from './refusal.ts';
import type { Draft, EngineState, Sound } from './state.ts';

/**
 * An engine may hang while its process lives: Corosync shows it as a member for ever. So every engine multicasts a
 * heartbeat, and a member is silent when another one's heartbeats were heard so often since it was last heard itself.
 * That is counted from the total order, without any clock: all members, the silent one too once it reads on, see the
 * same one silent at the same place of the order. An engine that was stopped itself blames nobody.
 */
const LONGEST_INTERVAL = 5000;
const SHORTEST_INTERVAL = 250;
/** Heartbeats in the grace of a silent engine. */
const BEATS_IN_GRACE = 4;
/** A heartbeat that has not come back after so many intervals was refused, or lost. */
const LOST_AFTER = 2;
/** A view that is not complete after so many intervals is begun anew. */
const RESYNC_EVERY = 2;

/** Milliseconds between heartbeats. */
const interval = ({ config }: EngineState): Milliseconds =>
  milliseconds(
    Math.min(
      LONGEST_INTERVAL,
      Math.max(SHORTEST_INTERVAL, config.current.properties.engineGrace / BEATS_IN_GRACE),
    ),
  );

/** So many heartbeats of another one without a word are beyond the grace; half of them are told of. */
const limits = (state: EngineState): { readonly silent: number; readonly beyondGrace: number } => {
  const beyondGrace = Math.ceil(state.config.current.properties.engineGrace / interval(state)) + 1;
  return { silent: Math.ceil(beyondGrace / 2), beyondGrace };
};

/**
 * The next one is sent only when the last one has come back (or never will): what waited on its way does not come as
 * many at once.
 */
export function onHeartbeatTimer(draft: Draft): void {
  timer(draft, 'heartbeat', interval(draft.state));
  endRefusals(draft);
  const { view, transportUp, beatSentAt } = draft.state;
  if (!transportUp || view.members.length === 0) return;
  if (!view.complete) wait(draft);
  if (beatSentAt !== undefined && draft.now - beatSentAt < LOST_AFTER * interval(draft.state)) return;
  change(draft, { beatSentAt: draft.now });
  multicast(draft, { kind: 'heartbeat', wall: timeOfDayNow(draft) });
}

/** A message that belonged to the exchange of state was refused, or its sender did not understand: all begin again. */
function wait(draft: Draft): void {
  const { sound } = draft.state.view;
  const waited = sound.waited + 1;
  changeSound(draft, { waited });
  if (waited % RESYNC_EVERY === 0 && isStuck(draft.state)) multicast(draft, { kind: 'resync' });
}

const changeSound = (draft: Draft, to: Partial<Sound>): void => {
  const { view } = draft.state;
  change(draft, { view: { ...view, sound: { ...view.sound, ...to } } });
};

/** Whatever it says, and whether it is understood or not: its engine lives. */
export function onSoundOf(draft: Draft, from: number): void {
  const { sound, members } = draft.state.view;
  if (!members.includes(from)) return;
  if (wasDeclaredOff(draft, from)) return exchange(draft);
  if (sound.heardAt[from] !== sound.beats)
    changeSound(draft, { heardAt: { ...sound.heardAt, [from]: sound.beats } });
  if (!sound.silent.includes(from)) return;
  changeSound(draft, {
    silent: sound.silent.filter((id) => id !== from),
    leftOut: sound.leftOut.filter((id) => id !== from),
  });
  if (sound.leftOut.includes(from)) return exchange(draft);
  const name = nodeById(draft.state, from)?.name;
  if (name === undefined || draft.state.status.nodes[name]?.state !== 'engine-gone') return;
  changeNode(draft, name, (node) => ({ ...node, state: 'online', since: draft.now }));
  tell(draft, 'node.joined', { node: name }, `The engine of ${name} is heard again`);
  abort(draft, `the engine of ${name} is heard again`);
}

/**
 * A member whose power is off says nothing more in this view: its device has confirmed what is not true. What is the
 * case, everybody tells anew.
 */
function wasDeclaredOff(draft: Draft, id: number): boolean {
  const { view, status } = draft.state;
  const name = nodeById(draft.state, id)?.name;
  if (!view.complete || name === undefined) return false;
  const { state, fencing } = status.nodes[name] ?? {};
  if (state !== 'offline' || fencing?.state !== 'confirmed') return false;
  const message = `${name} is there, although its fence device has confirmed that its power is off: it cannot be trusted`;
  note(draft, 'error', message);
  tell(draft, 'fencing.device', { node: name }, message);
  return true;
}

export function onHeartbeat(draft: Draft, from: number, { node, message }: Envelope): void {
  if (message.kind !== 'heartbeat') return;
  if (node === draft.state.self) {
    compareClocks(draft);
    change(draft, { beatSentAt: undefined });
  } else noteClock(draft, node, message.wall);
  const { beats, heardAt } = draft.state.view.sound;
  const count = (beats[from] ?? 0) + 1;
  changeSound(draft, { beats: { ...beats, [from]: count } });
  for (const member of draft.state.view.members) {
    const missed = count - (heardAt[member]?.[from] ?? 0);
    if (member !== from) onMissed(draft, member, missed);
  }
}

function onMissed(draft: Draft, id: number, missed: number): void {
  const { view } = draft.state;
  const { silent, beyondGrace } = limits(draft.state);
  if (!view.complete) {
    if (missed >= beyondGrace && !view.sound.leftOut.includes(id)) leaveOut(draft, id);
    return;
  }
  const name = nodeById(draft.state, id)?.name;
  if (name === undefined) return;
  if (missed >= silent && !view.sound.silent.includes(id)) onSilent(draft, id, name);
  if (missed >= beyondGrace || view.sound.leftOut.includes(id)) wantFenced(draft, id, name);
}

/** The view becomes complete without it, as if its process had ended. */
function leaveOut(draft: Draft, id: number): void {
  const { sound } = draft.state.view;
  note(draft, 'warn', `the engine of Corosync's node ${id} is silent; the others go on without it`);
  changeSound(draft, { silent: [...sound.silent, id], leftOut: [...sound.leftOut, id] });
  settle(draft);
}

function onSilent(draft: Draft, id: number, name: NodeName): void {
  const { view, status } = draft.state;
  changeSound(draft, { silent: [...view.sound.silent, id] });
  if (status.nodes[name]?.state !== 'online') return;
  changeNode(draft, name, (node) => ({ ...node, state: 'engine-gone', since: draft.now }));
  tell(
    draft,
    'node.engine-gone',
    { node: name },
    `The engine of ${name} is silent; what runs there goes on, unwatched`,
  );
  // A fencing that it was carrying out is ordered again, from another one.
  for (const target of Object.keys(draft.state.status.nodes))
    changeNode(draft, target, (node) =>
      node.fencing?.state === 'running' && node.fencing.by === name
        ? { ...node, fencing: { ...node.fencing, state: 'waiting', by: undefined } }
        : node,
    );
  if (view.controller === name) handOver(draft);
  abort(draft, `the engine of ${name} is silent`);
}

/**
 * The DC is silent: the next one decides, in a new generation, so that nothing counts any more which the old one says
 * before it has heard of it (S8).
 */
function handOver(draft: Draft): void {
  const { view, status, self, inFlight } = draft.state;
  const next = view.members
    .flatMap((id) => nodeById(draft.state, id)?.name ?? [])
    .find((name) => status.nodes[name]?.state === 'online');
  if (next === undefined) return;
  const generation = view.generation + 1;
  change(draft, {
    view: { ...draft.state.view, controller: next, generation },
    ...(view.controller === self && { plan: undefined }),
    // What the old one had just ordered will be refused by all.
    inFlight: Object.fromEntries(Object.entries(inFlight).filter(([, { unheard }]) => unheard !== true)),
    proposed: {},
  });
  note(draft, 'warn', `${view.controller ?? ''} is silent; ${next} is the DC now`);
  tellPersisted(draft);
  rearm(draft);
}

/** An engine that cannot come back within its limit is fenced by its peer, not trusted. */
function wantFenced(draft: Draft, id: number, name: NodeName): void {
  const { status, view, config } = draft.state;
  const node = status.nodes[name];
  if (!isController(draft.state) || !view.sound.silent.includes(id)) return;
  if (isInMaintenance(config.current, name)) return;
  if (node?.state !== 'engine-gone' || node.fenceWanted !== undefined) return;
  if (!mayMulticast(draft, `silent ${name}`)) return;
  const grace = config.current.properties.engineGrace / 1000;
  multicast(draft, {
    kind: 'fence-wanted',
    target: name,
    generation: view.generation,
    reason: `its engine has been silent for longer than ${grace} s`,
  });
}
