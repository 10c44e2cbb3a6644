import {
  assertNever,
  isDeed,
  type HistoryEntry,
  type NodeName,
  type OnFail,
  type ResourceFailures,
} from '../../model/index.ts';
import { keyOf } from './document-policy.ts';
import type { Definition, Facts, Seen } from './facts.ts';
import { ERROR, entry, OK } from './history-entry.ts';
import { onFailOf, policyOf } from './policy.ts';

/**
 * A failure for which something else was asked than what is done with any: told to the scheduler as Pacemaker records
 * it, so that it decides by its `on-fail`. `undefined`: it is over, or there is nothing special about it.
 */
export function failureHistory(
  { seen, input }: Facts,
  { id }: Definition,
  node: NodeName,
): readonly HistoryEntry[] | undefined {
  const { state, failures } = seen(id, node);
  if (failures === undefined || state === 'unknown') return undefined;
  const { operation } = failures;
  if (isDeed(operation) || operation === 'reload') return undefined;
  const answer = policyOf(input.config, id).onFail?.[operation];
  if (answer === undefined || !isPresent(answer, failures, state)) return undefined;
  const lasts = answer === 'stop' || answer === 'standby';
  return [...before(id, failures), failed(id, failures), ...(lasts ? afterwards(id, state) : [])];
}

/** After a failure that is to be ignored, or to wait for a person. */
export function isLeftAsItIs({ seen, input }: Facts, { id }: Definition, node: NodeName): boolean {
  const { state, failures } = seen(id, node);
  if (failures === undefined) return false;
  const answer = onFailOf(input.config, id, failures.operation);
  return (answer === 'ignore' || answer === 'block') && isPresent(answer, failures, state);
}

function isPresent(answer: OnFail, { operation }: ResourceFailures, state: Seen['state']): boolean {
  switch (answer) {
    case 'stop':
    case 'standby':
      return true;
    case 'block':
    case 'ignore':
      return !isMended(operation, state);
    case 'restart':
    case 'demote':
      // As soon as it is down, the failure is over.
      return operation !== 'start' && operation !== 'promote'
        ? state === 'failed' || (state === 'promoted' && operation === 'demote')
        : answer === 'demote' && (state === 'failed' || state === 'promoted') && !isMended(operation, state);
    case 'fence':
      return false; // The node is to be fenced: that is read before anything else.
    default:
      return assertNever(answer);
  }
}

/** It is seen to be what the operation should have brought about, or found. */
function isMended(operation: ResourceFailures['operation'], state: Seen['state']): boolean {
  switch (operation) {
    case 'start':
    case 'monitor':
      return state === 'running' || state === 'promoted';
    case 'promote':
      return state === 'promoted';
    case 'demote':
      return state === 'running' || state === 'stopped';
    case 'stop':
      return state === 'stopped';
    case 'reload':
    case 'create':
    case 'grow':
    case 'remove':
    case 'reconnect':
      return true;
  }
}

function before(id: string, { operation, before: role }: ResourceFailures): readonly HistoryEntry[] {
  switch (operation) {
    case 'start':
    case 'reload':
    case 'create':
    case 'grow':
    case 'remove':
    case 'reconnect':
      return [];
    case 'promote':
    case 'stop':
      return [first(id, 'start')];
    case 'demote':
      return [first(id, 'promote')];
    case 'monitor':
      return [first(id, role === 'promoted' ? 'promote' : 'start')];
  }
}

/** Records of one id are taken for one. */
const first = (id: string, operation: string): HistoryEntry => ({
  ...entry(id, operation, OK),
  id: `${id}_${operation}_0`,
});

const PROMOTED = 8;

function failed(id: string, { operation, before: role = 'running' }: ResourceFailures): HistoryEntry {
  const key = keyOf(id, operation, role);
  const expected = operation === 'monitor' && role === 'promoted' ? PROMOTED : OK;
  const made = entry(id, operation, ERROR, expected, 2);
  const interval = key.slice(key.lastIndexOf('_') + 1);
  return { ...made, id: `${id}_last_failure_0`, fields: { ...made.fields, operation_key: key, interval } };
}

/** What it was brought to since, so that it is not brought there again and again. */
function afterwards(id: string, state: Seen['state']): readonly HistoryEntry[] {
  switch (state) {
    case 'stopped':
      return [entry(id, 'stop', OK, OK, 3)];
    case 'running':
      return [entry(id, 'start', OK, OK, 3)];
    case 'promoted':
      return [entry(id, 'promote', OK, OK, 3)];
    case 'failed':
    case 'unknown':
      return [];
  }
}
