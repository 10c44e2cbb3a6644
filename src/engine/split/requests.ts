import {
  failed,
  failure,
  success,
  type Failure,
  type NodeName,
  type PoolIntent,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { hindranceToRecover, otherOf } from '../config/index.ts';
import { reply, uniqueName } from '../controller/draft.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { submit } from '../controller/submit.ts';
import { isUnmanaged } from '../planner/index.ts';
import { factsOf } from '../replacement/progress.ts';
import { primariesOf } from './detect.ts';
import { recoveryView } from './recovery.ts';

/** Discards the changes of one copy. Nothing is begun that would take data away from hosts, or that nobody can see. */
export function recoverPool(draft: Draft, id: number, { name, discard }: RequestOf<'pool.recover'>): void {
  const { state } = draft;
  const hindrance = hindranceToRecover(state.config.current, name, discard);
  if (hindrance === 'present') return reply(draft, id, begunRecovery(state, '', name));
  const pool = state.config.current.pools[name];
  const refusal = hindrance ?? (pool && hindranceNow(state, pool, discard));
  if (refusal !== undefined) return reply(draft, id, failed(refusal));
  const operation = uniqueName(draft, 'operation');
  submit(draft, id, 'pool.recover', name, { kind: 'pool.recover', name, discard, operation });
}

function hindranceNow(state: EngineState, pool: PoolIntent, discard: NodeName): Failure | undefined {
  const { name } = pool;
  const survivor = otherOf(pool, discard) ?? '';
  const primaries = primariesOf(state, pool);
  if (primaries.length > 1)
    return failure('recovery_two_primaries', `pool ${name} is Primary on ${primaries.join(' and ')}`);
  if (primaries.includes(discard)) return failure('recovery_victim_serves', `${discard} serves pool ${name}`);
  for (const node of [discard, survivor]) {
    const unseen = whyUnseen(state, name, node);
    if (unseen !== undefined) return failure('recovery_unknown', unseen);
  }
  // Where no node is Primary, DRBD itself drops the copy that was not written to, whatever it is told.
  const [own, others] = [discard, survivor].map((node) => factsOf(state, name, node)['outOfSync']);
  return primaries.length === 0 && others === 0 && typeof own === 'number' && own > 0
    ? failure('recovery_victim_newer', `since they parted, only ${discard} has written to pool ${name}`)
    : undefined;
}

/** A mirror that is kept down by a person's wish is seen well enough: the wish is what has to end. */
function whyUnseen({ status, config }: EngineState, pool: string, node: NodeName): string | undefined {
  const present = status.nodes[node];
  const mirror = `drbd-${pool}`;
  if (present?.state !== 'online') return `${node} is ${present?.state ?? 'absent'}`;
  if (isUnmanaged(config.current, mirror, node)) return `the mirror on ${node} is left alone`;
  const seen = present.instances[mirror]?.observation ?? 'unknown';
  if (seen === 'unknown' || seen.state === 'failed') return `nobody knows how the mirror on ${node} is`;
  const isKeptDown = seen.state === 'stopped' && config.current.nodes[node]?.standby === true;
  return seen.state === 'stopped' && !isKeptDown ? `the mirror on ${node} is not started` : undefined;
}

/** The one of this name; where it was not begun because the same was asked for before, the one that is under way. */
export function begunRecovery(
  state: EngineState,
  name: string,
  pool: string,
): Result<ReplyOf<'pool.recover'>> {
  const { operations, pools } = state.config.current;
  const record = operations[name] ?? operations[pools[pool]?.recovery?.operation ?? ''];
  return record === undefined
    ? failed(failure('operation_not_found', 'the recovery is over already'))
    : success({ operation: recoveryView(state, record) });
}
