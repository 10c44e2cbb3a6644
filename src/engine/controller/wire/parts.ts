import {
  deedNames,
  failures,
  type AgentName,
  type Failure,
  type FailureCode,
  type FenceDeviceStatus,
  type FencingStatus,
  type InstanceStatus,
  type NodeStatus,
  type Notice,
  type Observation,
  type OperationName,
  type ParameterValue,
  type ResourceFailures,
  type TaskPhase,
  type SessionSeen,
  type WitnessPhase,
  type WitnessProgress,
} from '../../../model/index.ts';
import type { FenceOutcome, Heard, InFlight, OperationAction, OperationOutcome } from '../messages.ts';
import {
  duration,
  either,
  flag,
  isRecord,
  list,
  number,
  object,
  oneOf,
  optional,
  record,
  text,
  whole,
  type Check,
} from './shape.ts';

const code: Check<FailureCode> = (value, place) =>
  typeof value === 'string' && Object.hasOwn(failures, value) ? undefined : `${place} is no known code`;

export const failureShape: Check<Failure> = object<Failure>({ code, message: text, etag: optional(text) });

export const operationName: Check<OperationName> = oneOf(
  'start',
  'stop',
  'monitor',
  'promote',
  'demote',
  'reload',
  ...deedNames,
);

const agentName: Check<AgentName> = oneOf('drbd', 'lvm', 'lvm-snapshot', 'lio-target', 'lio-lun', 'address');

export const observation: Check<Observation> = object<Observation>({
  state: oneOf('stopped', 'running', 'promoted', 'failed'),
  promotionScore: optional(number),
  facts: optional(record(either(text, number))),
  sessions: optional(
    list(object<SessionSeen>({ initiator: optional(text), address: optional(text), portal: optional(text) })),
  ),
  problem: optional(failureShape),
  drift: optional(failureShape),
});

const resourceFailures: Check<ResourceFailures> = object<ResourceFailures>({
  count: whole,
  lastAt: duration,
  operation: operationName,
  failure: failureShape,
  before: optional(oneOf('running', 'promoted')),
});

const instance: Check<InstanceStatus> = object<InstanceStatus>({
  observation: either(oneOf('unknown'), observation),
  failures: optional(resourceFailures),
  applied: optional(text),
});

const fencing: Check<FencingStatus> = object<FencingStatus>({
  state: oneOf('waiting', 'running', 'failing', 'confirmed'),
  reason: text,
  since: duration,
  attempts: whole,
  by: optional(text),
  failure: optional(failureShape),
});

const device: Check<FenceDeviceStatus> = object<FenceDeviceStatus>({
  by: text,
  since: duration,
  failure: optional(failureShape),
});

const notice: Check<Notice> = object<Notice>({ since: duration, failure: failureShape });

export const witnessPhase: Check<WitnessPhase> = oneOf('prepare', 'write', 'apply');
export const taskPhase: Check<TaskPhase> = oneOf('prepare', 'write', 'apply', 'keys');

const witness: Check<WitnessProgress> = object<WitnessProgress>({
  operation: text,
  phase: taskPhase,
  failure: optional(failureShape),
});

export const nodeStatus: Check<NodeStatus> = object<NodeStatus>({
  state: oneOf('online', 'joining', 'engine-gone', 'lost', 'offline'),
  since: duration,
  fenceWanted: optional(text),
  fencing: optional(fencing),
  devices: optional(record(device)),
  notices: optional(record(notice)),
  leaving: optional(duration),
  witness: optional(witness),
  instances: record(instance),
});

const parameter: Check<ParameterValue> = (value, place) =>
  isRecord(value)
    ? record(text)(value, place)
    : Array.isArray(value)
      ? list(text)(value, place)
      : either(either(text, number), flag)(value, place);

export const operationAction: Check<OperationAction> = object<OperationAction>({
  kind: oneOf('operation'),
  id: text,
  node: text,
  resource: text,
  agent: agentName,
  operation: operationName,
  parameters: record(parameter),
  timeout: duration,
  deed: optional(text),
  delay: optional(duration),
  reason: text,
});

export const operationOutcome: Check<OperationOutcome> = object<OperationOutcome>({
  observation: optional(observation),
  failure: optional(failureShape),
});

export const inFlight: Check<InFlight> = object<InFlight>({
  action: text,
  node: text,
  resource: text,
  timeout: duration,
  unheard: optional(oneOf(true)),
});

export const heard: Check<Heard> = object<Heard>({ incarnation: text, count: whole });

const confirmed = object<Extract<FenceOutcome, { confirmed: true }>>({
  confirmed: oneOf(true),
  devices: list(text),
  took: duration,
});
const unconfirmed = object<Extract<FenceOutcome, { confirmed: false }>>({
  confirmed: oneOf(false),
  failure: failureShape,
});

export const fenceOutcome: Check<FenceOutcome> = (value, place) =>
  isRecord(value) && value['confirmed'] === true ? confirmed(value, place) : unconfirmed(value, place);
