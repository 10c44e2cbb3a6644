import type { OperationDefinition } from '../../../model/index.ts';
import type { Action, OnFail } from '../actions/action.ts';
import { momentOf } from '../rules/calendar.ts';
import type { Evaluation, Subject } from '../rules/evaluation.ts';
import { parseWallDate } from '../rules/moment.ts';
import { equalsIgnoringCase, parseMilliseconds, parseRole } from '../rules/values.ts';
import type { Node } from './node.ts';
import { failurePolicy, type FailurePolicy } from './on-fail.ts';
import { findFastestMonitor, findOperation } from './operation-lookup.ts';
import { mergePairs } from './pairs.ts';
import { ROLE, type Resource, type Role } from './resource.ts';
import type { Unpacked } from './unpacked.ts';
import { report } from './report.ts';

export { findOperation, isEnabled, operationInterval } from './operation-lookup.ts';

/** How one operation of one resource is carried out, and what its failure means. */
export interface OperationSettings {
  readonly definition: OperationDefinition | undefined;
  /** The operation's own fields and meta attributes with the defaults for all operations; `timeout`, `interval` and
   * `start-delay` in milliseconds. */
  readonly meta: ReadonlyMap<string, string>;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds. */
  readonly startDelay: number;
  readonly onFail: OnFail;
  /** The role that a resource is brought to after a failure. */
  readonly failRole: Role;
  readonly needs: Action['needs'];
}

/** What of a resource counts for its operations. */
type OperatedResource = Pick<Resource, 'id' | 'meta' | 'agent' | 'operations' | 'needs' | 'parameters'>;
type Context = Pick<Unpacked, 'pairs' | 'settings' | 'configuration'>;

/** Milliseconds; for what has no timeout of its own. */
const DEFAULT_TIMEOUT = 20_000;
const MOST = 2_147_483_647;

interface Wanted {
  readonly resource: OperatedResource;
  readonly task: string;
  readonly interval: number;
  readonly definition: OperationDefinition | undefined;
}

/** The defaults for all operations first; a probe has the timeout of the fastest monitor; the operation's own win. */
function collectMeta(
  context: Context,
  { resource, task, interval, definition }: Wanted,
): Map<string, string> {
  const meta = new Map<string, string>();
  const subject: Subject = { agent: resource.agent ?? {}, operation: { name: task, interval } };
  mergePairs(context.pairs, 'meta', context.configuration.operationDefaults, subject, meta);
  if (task === 'monitor' && interval === 0) {
    const timeout = findFastestMonitor(resource)?.fields['timeout'];
    if (timeout !== undefined) meta.set('timeout', timeout);
  }
  if (definition !== undefined) {
    mergePairs(context.pairs, 'meta', definition.meta, subject, meta, { overwrite: true });
    for (const [name, value] of Object.entries(definition.fields)) meta.set(name, value);
  }
  meta.delete('id');
  if (interval > 0) meta.set('interval', String(interval));
  else meta.delete('interval');
  return meta;
}

/** Milliseconds until the next moment that is a whole number of intervals away from the origin. */
function delayFromOrigin(evaluation: Evaluation, origin: string, interval: number): number | undefined {
  const date = parseWallDate(origin, evaluation.now, evaluation.utcOffset);
  const seconds = Math.floor(interval / 1000);
  if (date === undefined || seconds === 0) return undefined;
  const passed = (evaluation.now - momentOf(date)) % seconds;
  return (passed <= 0 ? -passed : seconds - passed) * 1000;
}

function readStartDelay(
  context: Context,
  meta: ReadonlyMap<string, string>,
  interval: number,
): number | undefined {
  const delay = meta.get('start-delay');
  if (delay !== undefined) return Math.min(Math.max(parseMilliseconds(delay) ?? 0, 0), MOST);
  const origin = meta.get('interval-origin');
  if (origin === undefined || interval === 0) return undefined;
  return delayFromOrigin(context.pairs.evaluation, origin, interval);
}

function readNeeds({ resource, task }: Wanted): Action['needs'] {
  if (task !== 'start' && task !== 'promote') return 'nothing';
  return resource.needs.fencing ? 'fencing' : resource.needs.quorum ? 'quorum' : 'nothing';
}

function readFailRole(
  { task, definition }: Wanted,
  policy: FailurePolicy,
  meta: ReadonlyMap<string, string>,
): Role {
  if (policy.role !== ROLE.unknown) return policy.role;
  const written = definition === undefined ? ROLE.unknown : parseRole(meta.get('role_after_failure'));
  if (written !== ROLE.unknown) return written;
  return task === 'promote' ? ROLE.unpromoted : ROLE.started;
}

function readTimeout(text: string | undefined): number {
  return Math.min(parseMilliseconds(text) ?? DEFAULT_TIMEOUT, MOST);
}

function workOut(context: Context, wanted: Wanted): OperationSettings {
  const { resource, task, interval, definition } = wanted;
  const meta = collectMeta(context, wanted);
  const timeout = readTimeout(meta.get('timeout'));
  meta.set('timeout', String(timeout));
  const policy = failurePolicy(
    {
      task,
      definition,
      operations: resource.operations,
      stonithEnabled: context.settings.stonithEnabled,
      complain: (message) =>
        report(
          context.pairs,
          'bad_value',
          `resource '${resource.meta.get('id') ?? resource.id}' operation '${task}'`,
          message,
        ),
    },
    meta.get('on-fail'),
  );
  if (policy.onFail === 'block') meta.set('on-fail', 'block');
  const startDelay = readStartDelay(context, meta, interval);
  if (startDelay !== undefined) meta.set('start-delay', String(startDelay));
  return {
    definition,
    meta,
    timeout,
    startDelay: startDelay ?? 0,
    onFail: policy.onFail,
    failRole: readFailRole(wanted, policy, meta),
    needs: readNeeds(wanted),
  };
}

/** Starting or probing a fence device is asking it for its state, and has the timeout of that. */
function withDeviceTimeout(settings: OperationSettings, timeoutText: string): OperationSettings {
  const timeout = readTimeout(timeoutText);
  const meta = new Map(settings.meta).set('timeout', String(timeout));
  return { ...settings, meta, timeout };
}

/**
 * What counts for an operation ("Pacemaker Explained", resource operations). `interval` in milliseconds. `keyTask`: the
 * operation to look up, where that is not the task (a cancellation is defined by what it cancels). Worked out once for
 * each definition, task and interval; instances of a clone share it.
 */
export function operationSettings(
  context: Context,
  resource: OperatedResource,
  task: string,
  interval: number,
  node?: Node,
  keyTask = task,
): OperationSettings {
  let known = context.pairs.operations.get(resource.operations);
  if (known === undefined) {
    known = new Map();
    context.pairs.operations.set(resource.operations, known);
  }
  const { quorum, fencing } = resource.needs;
  const key = `${task} ${keyTask} ${interval} ${quorum} ${fencing}`;
  let settings = known.get(key);
  if (settings === undefined) {
    const definition = findOperation(resource, keyTask, interval, true);
    settings = workOut(context, { resource, task, interval, definition });
    known.set(key, settings);
  }
  const isStateQuery = task === 'start' || (task === 'monitor' && interval === 0);
  if (!isStateQuery || !equalsIgnoringCase(resource.agent?.standard, 'stonith')) return settings;
  const timeout = resource.parameters(node).get('pcmk_monitor_timeout');
  return timeout === undefined ? settings : withDeviceTimeout(settings, timeout);
}

/** Instance attributes of one operation, with rules evaluated for the node. */
export function operationParameters(
  context: Pick<Unpacked, 'pairs'>,
  definition: OperationDefinition | undefined,
  node: Node | undefined,
): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (definition !== undefined) {
    mergePairs(
      context.pairs,
      'parameters',
      definition.parameters,
      { attributes: node?.attributes },
      parameters,
    );
  }
  return parameters;
}
