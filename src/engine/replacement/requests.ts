import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type OperationView,
  type RenewedKeys,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { compile } from '../blueprint/index.ts';
import { apply, hindranceToReplace, otherOf } from '../config/index.ts';
import { timeOfDayNow } from '../controller/clock.ts';
import { reply, uniqueName } from '../controller/draft.ts';
import { submit } from '../controller/submit.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { outOfService } from '../planner/index.ts';
import { hasCurrent, replacementView } from './progress.ts';

/** As the daemon asks, which draws the keys. */
export type ReplaceRequest = RequestOf<'node.replace'> & { readonly secrets?: RenewedKeys | undefined };

/** Gives a node another machine, or new disks. Nothing is begun where the other node could not give it all the data. */
export function replaceNode(draft: Draft, id: number, wanted: ReplaceRequest): void {
  const { state } = draft;
  const { name: node, machine, secrets, overwrite, force } = wanted;
  const disks = disksOf(state.config.current, wanted);
  if (!disks.ok) return reply(draft, id, disks);
  const hindrance = hindranceToReplace(state.config.current, {
    node,
    machine,
    disks: disks.value,
    overwrite,
  });
  if (hindrance === 'present') return reply(draft, id, begunReplacement(state, ''));
  const refusal =
    hindrance === undefined
      ? (isThere(state, wanted) ??
        unchanged(state, node, disks.value, overwrite) ??
        needsOther(state, node, disks.value))
      : failed(hindrance);
  if (refusal !== undefined) return reply(draft, id, refusal);
  const operation = uniqueName(draft, 'operation');
  const command = {
    kind: 'node.replace' as const,
    node,
    ...(machine === true && { machine, secrets }),
    disks: disks.value,
    ...(overwrite !== undefined && { overwrite }),
    operation,
  };
  if (force !== true) {
    const at = timeOfDayNow(draft);
    const asked = apply(state.config.current, { id: '', at, generation: 0, by: 'api', command });
    const stops = asked.ok ? wouldStop(state, asked.value, node) : undefined;
    if (stops !== undefined) return reply(draft, id, stops);
  }
  submit(draft, id, 'node.replace', operation, command);
}

/** With the pool's name where it was left out. */
function disksOf(
  { pools, nodes }: ClusterConfig,
  { name, machine, disk, disks: given = {} }: RequestOf<'node.replace'>,
): Result<Readonly<Record<string, string>>> {
  if (nodes[name] === undefined) return failed(failure('node_not_found', `there is no node ${name}`));
  const own = Object.values(pools).filter((pool) => pool.disks[name] !== undefined);
  // Another machine has none of the data, whatever its disks are called.
  const present = own.map((pool): [string, string] => [pool.name, pool.disks[name] ?? '']);
  const disks = machine === true ? { ...Object.fromEntries(present), ...given } : given;
  if (disk === undefined) return success(disks);
  const [only] = own;
  if (only === undefined || own.length > 1 || Object.keys(given).length > 0)
    return failed(
      failure('pool_not_found', `say for which pool: ${own.map((pool) => pool.name).join(', ')}`),
    );
  return success({ [only.name]: disk });
}

/** A machine is replaced that is known to be off: by proof, by a person's word, or because it left in order (S2). */
function isThere({ status }: EngineState, { name, machine }: ReplaceRequest): Result<never> | undefined {
  const state = status.nodes[name]?.state;
  if (machine !== true || state === 'offline') return undefined;
  return state === 'lost'
    ? failed(failure('node_off_unconfirmed', `${name} is lost, and its fencing is not confirmed yet`))
    : failed(failure('node_not_off', `${name} is ${state ?? 'absent'}`));
}

/** The very disk that is there and in order is not made empty by mistake. */
function unchanged(
  state: EngineState,
  node: string,
  disks: Readonly<Record<string, string>>,
  overwrite: readonly string[] = [],
): Result<never> | undefined {
  const { pools, replacement } = state.config.current;
  if (replacement !== undefined) return undefined;
  for (const [pool, disk] of Object.entries(disks))
    if (pools[pool]?.disks[node] === disk && hasCurrent(state, pool, node) && !overwrite.includes(disk))
      return failed(failure('disk_unchanged', `${disk} is the disk of pool ${pool} on ${node}`));
  return undefined;
}

function needsOther(
  state: EngineState,
  node: string,
  disks: Readonly<Record<string, string>>,
): Result<never> | undefined {
  for (const name of Object.keys(disks)) {
    const pool = state.config.current.pools[name];
    const other = pool && otherOf(pool, node);
    if (other !== undefined && hasCurrent(state, name, other)) continue;
    return failed(
      failure(
        'replacement_needs_other',
        `the copy of pool ${name} on ${other ?? 'no other node'} is not current`,
      ),
    );
  }
  return undefined;
}

function wouldStop(
  { config, status }: EngineState,
  asked: ClusterConfig,
  node: string,
): Result<never> | undefined {
  const { blueprint, current } = config;
  const lost = outOfService(
    { blueprint, config: current, status },
    { blueprint: compile(asked), config: asked, status },
  );
  return lost.length === 0
    ? undefined
    : failed(
        failure(
          'data_would_stop',
          `no other node could take ${lost.join(', ')} while the disk of ${node} is replaced`,
        ),
      );
}

/** The one of this name; where it was not begun because the same was asked for before, the one that is under way. */
export function begunReplacement(state: EngineState, name: string): Result<ReplyOf<'node.replace'>> {
  const { operations, replacement } = state.config.current;
  const record: OperationView | undefined = operations[name] ?? operations[replacement?.operation ?? ''];
  return record === undefined
    ? failed(failure('operation_not_found', 'the replacement is over already'))
    : success({ operation: replacementView(state, record) });
}
