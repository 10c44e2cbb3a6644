import {
  milliseconds,
  type EventKind,
  type Failure,
  type Milliseconds,
  type NodeIntent,
  type NodeName,
  type PoolName,
  type NodeStatus,
  type Result,
} from '../../model/index.ts';
import type { Message } from './messages.ts';
import type { Draft, EngineState } from './state.ts';
import { encode } from './wire/envelope.ts';

/** The verbs by which the parts of the engine change a step in the making. */
export const change = (draft: Draft, to: Partial<EngineState>): void => {
  draft.state = { ...draft.state, ...to };
};

export const multicast = (draft: Draft, message: Message): void => {
  const { self: node, incarnation, config, sent } = draft.state;
  change(draft, { sent: sent + 1 });
  const envelope = { cluster: config.current.clusterId, node, incarnation, count: sent + 1, message };
  draft.effects.push({ kind: 'multicast', payload: encode(envelope, draft.digest) });
};

export const reply = (draft: Draft, id: number, result: Result<unknown>): void => {
  draft.effects.push({ kind: 'reply', id, result });
  forgetRequest(draft, id);
};

export const forgetRequest = (draft: Draft, id: number): void => {
  const { requests, terms } = draft.state;
  change(draft, { requests: without(requests, id), terms: id in terms ? without(terms, id) : terms });
};

export const timer = (draft: Draft, name: string, delay: Milliseconds | undefined): void => {
  draft.effects.push({ kind: 'timer', name, delay });
};

export const tell = (
  draft: Draft,
  kind: EventKind,
  about: { readonly node?: NodeName; readonly subject?: string },
  message: string,
): void => {
  draft.effects.push({ kind: 'event', event: { kind, node: about.node, subject: about.subject, message } });
};

export const note = (draft: Draft, level: 'info' | 'warn' | 'error', message: string): void => {
  draft.effects.push({ kind: 'log', level, message });
};

export const without = <Value>(
  record: Readonly<Record<string, Value>>,
  key: string | number,
): Record<string, Value> => {
  const rest = { ...record };
  Reflect.deleteProperty(rest, key);
  return rest;
};

/** A name that is unique within this incarnation of this engine. */
export const uniqueName = (draft: Draft, prefix: string): string => {
  const counter = draft.state.counter + 1;
  change(draft, { counter });
  return `${prefix}-${draft.state.self}-${draft.state.incarnation.slice(0, 8)}-${counter}`;
};

/** What was multicast and has not had its effect is multicast again after this, in milliseconds. */
export const AGAIN = 5000;

/** A time that is not yet come is none of this engine, and is not recent. */
export const isRecent = (draft: Draft, at: Milliseconds): boolean =>
  draft.now >= at && draft.now - at < AGAIN;

/** `false`: this was multicast a moment ago, and its effect is still to be seen. */
export function mayMulticast(draft: Draft, name: string): boolean {
  const { proposed } = draft.state;
  const recent = Object.entries(proposed).filter(([, at]) => isRecent(draft, at));
  if (recent.some(([other]) => other === name)) return false;
  change(draft, { proposed: { ...Object.fromEntries(recent), [name]: draft.now } });
  timer(draft, 'upkeep', milliseconds(AGAIN + 100));
  return true;
}

export const nodeById = (state: EngineState, id: number): NodeIntent | undefined =>
  Object.values(state.config.current.nodes).find((node) => node.id === id);

/** The other one of the two nodes that have a disk of the pool; undefined for a node that has none itself. */
export function peerOf(state: EngineState, pool: PoolName, node: NodeName): NodeName | undefined {
  const { [node]: own, ...others } = state.config.current.pools[pool]?.disks ?? {};
  return own === undefined ? undefined : Object.keys(others)[0];
}

export const changeNode = (draft: Draft, node: NodeName, to: (status: NodeStatus) => NodeStatus): void => {
  const status = draft.state.status;
  const before = status.nodes[node];
  if (before === undefined) return;
  const after = to(before);
  if (after === before) return;
  change(draft, { status: { ...status, nodes: { ...status.nodes, [node]: after } } });
};

export const isController = (state: EngineState): boolean =>
  state.view.complete && state.view.controller === state.self;

export const scaled = (state: EngineState, duration: number): Milliseconds =>
  milliseconds(duration * state.config.current.properties.patience);

export const sentence = (failure: Failure): string => `${failure.message} (${failure.code})`;
