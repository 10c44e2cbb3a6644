import {
  canSwitchOn,
  failed,
  failure,
  success,
  type Command,
  type Failure,
  type NodeName,
  type OperationId,
  type OperationRecord,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { reply, uniqueName } from '../controller/draft.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { submit } from '../controller/submit.ts';
import { levelsOf } from './levels.ts';
import { beginPowerOn, forget } from './performing.ts';

/**
 * A person has a node switched on that was left off, by policy or because it left in order. Only one that is confirmed
 * off: of any other the next fencing might be under way, and whoever gives power back to it takes its proof away (S2).
 */
export function powerOn(draft: Draft, id: number, { name }: RequestOf<'node.power-on'>): void {
  const refusal = refusalOf(draft.state, name);
  if (refusal !== undefined) return reply(draft, id, failed(refusal));
  submit(draft, id, 'node.power-on', name, {
    kind: 'node.power-on',
    node: name,
    operation: uniqueName(draft, 'operation'),
  });
}

function refusalOf(state: EngineState, name: NodeName): Failure | undefined {
  const node = state.status.nodes[name];
  if (node === undefined) return failure('node_not_found', `there is no node ${name}`);
  if (!state.view.complete)
    return failure('not_synchronised', 'the nodes are exchanging their state just now');
  if (node.state === 'lost')
    return failure('node_off_unconfirmed', `${name} is lost, and its fencing is not confirmed yet`);
  if (node.state !== 'offline') return failure('node_not_off', `${name} is ${node.state}`);
  const devices = levelsOf(state, name).flat();
  if (devices.length === 0) return failure('power_on_impossible', `${name} has no fence device`);
  if (devices.some(canSwitchOn)) return undefined;
  const names = devices.map((device) => device.name).join(' and ');
  return failure('power_on_impossible', `${names} can put ${name} out, and not switch it on`);
}

/** The operation that the request has begun, or that was under way before it. */
export function begunPowerOn(
  { config }: EngineState,
  node: NodeName,
  /** Of a request that is repeated by its key. */
  known?: OperationId,
): Result<ReplyOf<'node.power-on'>> {
  const before = config.current.operations[known ?? ''];
  if (before !== undefined) return success({ operation: before });
  const [last] = Object.values(config.current.operations)
    .filter(({ kind, subject }) => kind === 'node.power-on' && subject === node)
    .sort((one, other) => other.createdAt - one.createdAt);
  return last === undefined
    ? failed(failure('operation_not_found', `${node} is not being switched on any more`))
    : success({ operation: last });
}

const underWay = ({ config }: EngineState): readonly OperationRecord[] =>
  Object.values(config.current.operations).filter(
    ({ kind, state }) => kind === 'node.power-on' && state === 'running',
  );

/** By the DC, at every step: what has become of the nodes that are being switched on. Another DC begins anew. */
export function dueOfPowerOn(draft: Draft): readonly (readonly [string, Command])[] {
  return underWay(draft.state).flatMap((operation): (readonly [string, Command])[] => {
    const end = endOf(draft, operation);
    if (end === undefined) return [];
    const cause = end === 'switched on' ? undefined : end;
    return [[`end ${operation.id}`, { kind: 'operation.finished', id: operation.id, failure: cause }]];
  });
}

function endOf(draft: Draft, { id, subject: name }: OperationRecord): 'switched on' | Failure | undefined {
  const { status, fencing } = draft.state;
  const node = status.nodes[name];
  if (node === undefined) return failure('node_not_found', `${name} is no node any more`);
  // It has come, whatever the devices say, or has come and gone again.
  if (node.state !== 'offline') return 'switched on';
  const work = fencing[name];
  // Power is still being given back after a fencing: first that.
  if (work !== undefined && work.powerOn?.operation !== id) return undefined;
  if (work === undefined) {
    beginPowerOn(draft, name, id);
    return undefined;
  }
  if (work.powerOn?.ended !== true) return undefined;
  return work.powerOn.failure ?? 'switched on';
}

/**
 * At every step: nobody waits for what has ended. A device that is being told to switch on answers first, since the next
 * fencing may wait for that.
 */
export function forgetPowerOns(draft: Draft): void {
  const wanted = new Set(underWay(draft.state).map(({ id }) => id));
  for (const { target, powerOn: asked, calls, next } of Object.values(draft.state.fencing)) {
    const isOver = asked !== undefined && !wanted.has(asked.operation);
    if (isOver && next === undefined && Object.keys(calls).length === 0) forget(draft, target);
  }
}
