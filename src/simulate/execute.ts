import type { Action } from '../engine/scheduler/actions/action.ts';
import { calculateDigests } from '../engine/scheduler/actions/digest.ts';
import type { Step, Transition } from '../engine/scheduler/graph/transition.ts';
import { parseInteger } from '../engine/scheduler/rules/values.ts';
import type { Unpacked } from '../engine/scheduler/unpack/unpacked.ts';
import {
  draftStatus,
  ensureNode,
  finishStatus,
  forgetNode,
  setMembership,
  type StatusDraft,
} from './draft.ts';
import type { ExecutedStep, Execution } from './execution.ts';
import { graphKey, kindOf, namesOf } from './names.ts';
import { countFailure, ensureResource, recordResult } from './record.ts';
import { walk } from './walk.ts';

/** An operation that is to fail when it is carried out. */
export interface PretendedFailure {
  /** With or without the number of an anonymous clone's instance. */
  readonly resource: string;
  readonly operation: string;
  /** Milliseconds; 0: carried out once. */
  readonly interval: number;
  readonly node: string;
  readonly exitCode: number;
}

interface Run {
  readonly unpacked: Unpacked;
  readonly status: StatusDraft;
  readonly failures: readonly PretendedFailure[];
  /** Every name that a resource has, in the definition or in a node's history. */
  readonly names: ReadonlySet<string>;
  readonly steps: ExecutedStep[];
}

/** Operations that leave no trace in the history. */
const TRACELESS = new Set(['delete', 'meta-data']);

/**
 * Carries out a transition on the document it was made for: every operation has the result that was wanted, but for
 * those named in `failures`, and the nodes' histories tell of it. Fenced nodes are gone; a node that shuts down is not
 * (that is for the cluster layer to tell). Nothing is changed in place.
 */
export const execute = (transition: Transition, failures: readonly PretendedFailure[]): Execution => {
  const { unpacked } = transition.ordered.assigned.scored;
  const names = new Set<string>();
  for (const { id, historyId } of unpacked.all) {
    names.add(id);
    if (historyId !== undefined) names.add(historyId);
  }
  const run: Run = { unpacked, status: draftStatus(unpacked.input.document), failures, names, steps: [] };
  const { skipped, waiting } = walk(transition.steps, (step) => fire(run, step));
  const hasFailed = run.steps.some(({ isFailed }) => isFailed);
  return {
    document: finishStatus(run.status),
    steps: run.steps,
    outcome: waiting + skipped === 0 ? 'complete' : hasFailed ? 'stopped' : 'stuck',
  };
};

const fire = (run: Run, { action }: Step): 'done' | 'failed' => {
  const kind = kindOf(action);
  switch (kind) {
    case 'resource':
      return carryOut(run, action);
    case 'fencing':
      fence(run, action);
      break;
    case 'pseudo':
    case 'cluster':
  }
  run.steps.push({
    action,
    kind,
    key: graphKey(action),
    resource: action.resource && namesOf(action.resource).id,
    exitCode: undefined,
    isFailed: false,
  });
  return 'done';
};

const fence = (run: Run, action: Action): void => {
  const { node } = action;
  if (node === undefined || action.extra.get('stonith_action') === 'on') return;
  const state = ensureNode(run.status, node.name);
  setMembership(state, false);
  forgetNode(state);
};

const carryOut = (run: Run, action: Action): 'done' | 'failed' => {
  const { resource, node, task, interval } = action;
  if (task === 'probe_complete' || resource === undefined || node === undefined) return 'done';
  const { id, longId } = namesOf(resource);
  const name = !run.names.has(id) && longId !== undefined && run.names.has(longId) ? longId : id;
  const step = { action, kind: 'resource', key: graphKey(action), resource: name } as const;
  if (TRACELESS.has(task)) {
    run.steps.push({ ...step, exitCode: undefined, isFailed: false });
    return 'done';
  }
  const expectedCode = parseInteger(action.extra.get('op_target_rc')) ?? 0;
  const state = ensureNode(run.status, node.name);
  const history = ensureResource(state, name, id, resource.agent);
  const pretended = run.failures.find(
    (failure) =>
      (failure.resource === name || failure.resource === id) &&
      failure.operation === task &&
      failure.interval === interval &&
      failure.node.toLowerCase() === node.name.toLowerCase(),
  );
  const isFailed = history === undefined || pretended !== undefined;
  const exitCode = pretended?.exitCode ?? expectedCode;
  run.steps.push({ ...step, exitCode, isFailed });
  if (history === undefined) return 'failed';
  const at = run.unpacked.input.now;
  if (pretended !== undefined) countFailure(state, pretended.resource, task, interval, exitCode, at);
  const { extra } = action;
  recordResult(history, {
    resource: id,
    operation: task,
    interval,
    exitCode,
    expectedCode,
    at,
    digest: calculateDigests(run.unpacked, resource, node, task, interval, undefined).all,
    notification:
      task === 'notify'
        ? { type: extra.get('notify_type') ?? '', operation: extra.get('notify_operation') ?? '' }
        : undefined,
    migration:
      task === 'migrate_to' || task === 'migrate_from'
        ? { source: extra.get('migrate_source') ?? '', target: extra.get('migrate_target') ?? '' }
        : undefined,
  });
  return isFailed ? 'failed' : 'done';
};
