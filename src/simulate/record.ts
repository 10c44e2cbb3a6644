import type { AgentReference } from '../model/index.ts';
import { INFINITY, parseInteger, parseScore } from '../engine/scheduler/rules/values.ts';
import { setTransient, type NodeDraft, type ResourceDraft } from './draft.ts';

/** What an agent did, to be written into a node's history. */
export interface Result {
  /** The resource's name in the node's history. */
  readonly resource: string;
  readonly operation: string;
  /** Milliseconds; 0: carried out once. */
  readonly interval: number;
  readonly exitCode: number;
  /** The exit code that was wanted. */
  readonly expectedCode: number;
  /** Seconds since 1970. */
  readonly at: number;
  /** Of the parameters it was carried out with. */
  readonly digest: string | undefined;
  /** For notifications: `pre` or `post`, and what is told of. */
  readonly notification: { readonly type: string; readonly operation: string } | undefined;
  /** For migrations: where from and to. */
  readonly migration: { readonly source: string; readonly target: string } | undefined;
}

/** The version of what is recorded; the scheduler reads it as Pacemaker 2.1.5's. */
export const FEATURE_SET = '3.16.1';

/** In place of the id of the controller that asked for the operation. */
const NOBODY = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx';

/** Standards whose agents can be recorded. Those of `ocf` need a provider. */
const STANDARDS = new Set(['ocf', 'stonith', 'service', 'upstart', 'systemd', 'lsb']);

/**
 * A node's history of a resource, by either of its names; a new one, under the second, where there is none.
 * `undefined`: there is none and the agent is of no kind that could be recorded.
 */
export const ensureResource = (
  node: NodeDraft,
  name: string,
  preferredName: string,
  agent: AgentReference | undefined,
): ResourceDraft | undefined => {
  const known = node.resources?.get(name) ?? node.resources?.get(preferredName);
  if (known !== undefined) return known;
  if (agent === undefined || !STANDARDS.has(agent.standard)) return undefined;
  if (agent.standard === 'ocf' && agent.provider === undefined) return undefined;
  const made: ResourceDraft = { id: preferredName, agent, fields: {}, operations: new Map() };
  node.resources ??= new Map();
  node.resources.set(preferredName, made);
  return made;
};

/** Under which ids a result is kept. A failure that is not of a recurring operation is the last operation as well. */
const entryIds = (result: Result, operation: string): readonly string[] => {
  const { resource, interval, notification } = result;
  if (notification !== undefined) {
    return [`${resource}_${notification.type}_notify_${notification.operation}_0`];
  }
  if (result.migration !== undefined) return [`${resource}_${operation}_${interval}`];
  if (result.exitCode !== result.expectedCode) {
    return interval === 0
      ? [`${resource}_last_failure_0`, `${resource}_last_0`]
      : [`${resource}_last_failure_0`];
  }
  return [interval > 0 ? `${resource}_${operation}_${interval}` : `${resource}_last_0`];
};

/** Writes a result into the history, as the node that carried it out would: an agent's reload counts as a start. */
export const recordResult = (history: ResourceDraft, result: Result): void => {
  const operation = /^reload(-agent)?$/.test(result.operation) ? 'start' : result.operation;
  const call =
    1 +
    Math.max(
      0,
      ...[...history.operations.values()].map(({ fields }) => parseInteger(fields['call-id']) ?? 0),
    );
  const transitionKey = `${call}:-1:${result.expectedCode}:${NOBODY}`;
  const isFailed = result.exitCode !== result.expectedCode && result.notification === undefined;
  for (const id of entryIds(result, operation)) {
    history.operations.set(id, {
      id,
      operation,
      fields: {
        ...history.operations.get(id)?.fields,
        operation_key: `${result.resource}_${operation}_${result.interval}`,
        'crm-debug-origin': 'simulation',
        crm_feature_set: FEATURE_SET,
        'transition-key': transitionKey,
        'transition-magic': `0:${result.exitCode};${transitionKey}`,
        'exit-reason': isFailed ? 'Simulated result' : '',
        'call-id': String(call),
        'rc-code': String(result.exitCode),
        'op-status': '0',
        interval: String(result.interval),
        'last-rc-change': String(result.at),
        'exec-time': '0',
        'queue-time': '0',
        ...(result.migration && {
          migrate_source: result.migration.source,
          migrate_target: result.migration.target,
        }),
        ...(result.digest !== undefined && { 'op-digest': result.digest }),
      },
    });
  }
};

/** Counts a failure. A success, and a probe that found nothing running, is none. */
export const countFailure = (
  node: NodeDraft,
  resource: string,
  operation: string,
  interval: number,
  exitCode: number,
  at: number,
): void => {
  if (exitCode === 0 || (exitCode === 7 && interval === 0)) return;
  const suffix = `${resource}#${operation}_${interval}`;
  setTransient(node, `fail-count-${suffix}`, (before) => {
    const count = parseScore(before) + 1;
    return count >= INFINITY ? 'INFINITY' : String(count);
  });
  setTransient(node, `last-failure-${suffix}`, () => String(at));
};
