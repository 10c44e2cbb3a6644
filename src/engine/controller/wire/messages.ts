import type { ClusterConfig } from '../../../model/index.ts';
import type { Envelope, Message } from '../messages.ts';
import type { KnownOff, Stored } from '../state.ts';
import { logEntry } from './commands.ts';
import {
  failureShape,
  fenceOutcome,
  heard,
  inFlight,
  nodeStatus,
  observation,
  operationAction,
  operationOutcome,
  taskPhase,
} from './parts.ts';
import {
  byKind,
  duration,
  flag,
  isRecord,
  list,
  object,
  optional,
  record,
  text,
  whole,
  type Check,
} from './shape.ts';

/** Its hash says whether it is whole; what it holds, those know who hold the same version. */
const config: Check<ClusterConfig> = (value, place) =>
  isRecord(value) && isRecord(value['nodes']) && isRecord(value['properties'])
    ? undefined
    : `${place} is no configuration`;

const message: Check<Message> = byKind<Message>({
  sync: {
    view: text,
    node: text,
    now: duration,
    boot: text,
    synchronised: flag,
    mayActAlone: flag,
    knownOff: object<KnownOff>({ ring: whole, nodes: list(text) }),
    generation: whole,
    changedIn: whole,
    revision: whole,
    hash: text,
    intact: flag,
    nodes: record(nodeStatus),
    inFlight: list(inFlight),
    fencing: list(text),
    boots: record(text),
    comings: record(whole),
    heard: record(heard),
  },
  agree: { told: text },
  resync: {},
  heartbeat: { wall: duration },
  config: { hash: text, config, trail: list(object<Stored>({ revision: whole, hash: text })) },
  propose: { entry: logEntry },
  persisted: { generation: whole, node: text, revision: whole, hash: text },
  order: { generation: whole, action: operationAction },
  outcome: { action: operationAction, outcome: operationOutcome },
  report: { node: text, resource: text, observation },
  look: { node: text, resource: text },
  notice: { node: text, key: text, failure: optional(failureShape) },
  witness: { node: text, operation: text, phase: taskPhase, failure: optional(failureShape) },
  leaving: { node: text, leaving: flag },
  cleanup: { node: optional(text), resource: optional(text) },
  'fence-device': { target: text, device: text, by: text, failure: optional(failureShape) },
  'fence-wanted': { target: text, reason: text, generation: optional(whole) },
  'fence-withdrawn': { target: text, reason: text },
  'fence-order': {
    generation: whole,
    target: text,
    by: text,
    reason: text,
    level: optional(whole),
  },
  'fence-outcome': { target: text, by: text, outcome: fenceOutcome, life: text },
});

export const envelopeShape: Check<Envelope> = object<Envelope>({
  cluster: text,
  node: text,
  incarnation: text,
  count: whole,
  message,
});
