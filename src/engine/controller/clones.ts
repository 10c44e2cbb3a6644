import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { compareNames } from '../blueprint/part.ts';
import { accessOf, cloneSource, targetMissing, unprovenNodes } from '../config/index.ts';
import { reply, uniqueName } from './draft.ts';
import { doesNotFit, tooFullToShare } from './room.ts';
import type { Draft } from './state.ts';
import { submit } from './submit.ts';

/** A LUN out of another one's data; where it is there already, that of the same source and for the same hosts. */
export function cloneLun(draft: Draft, id: number, wanted: RequestOf<'lun.clone'>, entropy: string): void {
  const { current } = draft.state.config;
  const { name, from } = wanted;
  const before = Object.hasOwn(current.luns, name) ? current.luns[name] : undefined;
  const repeated = before?.clonedFrom === from ? before : undefined;
  const source = repeated === undefined ? cloneSource(current, from) : success(repeated);
  if (!source.ok) return reply(draft, id, source);
  const { pool, size } = source.value;
  const target = targetFor(current, wanted, pool, repeated?.target);
  if (!target.ok) return reply(draft, id, target);
  const refusal = before === undefined ? refusalOf(draft, pool, size) : undefined;
  if (refusal !== undefined) return reply(draft, id, refusal);
  submit(draft, id, 'lun.clone', name, {
    kind: 'lun.create',
    name,
    pool,
    target: target.value,
    size,
    thin: true,
    // A host that saw both would find the same file systems twice: nobody does who is not named.
    ...accessOf(
      wanted.hosts ?? repeated?.hosts ?? [],
      wanted.readOnlyHosts ?? (wanted.hosts === undefined ? repeated?.readOnlyHosts : undefined),
    ),
    serial: entropy.slice(0, 32),
    from,
    operation: uniqueName(draft, 'operation'),
  });
}

/** The first of the pool where none is named. */
function targetFor(
  { targets }: ClusterConfig,
  { target: named }: Pick<RequestOf<'lun.clone'>, 'target'>,
  pool: string,
  before: string | undefined,
): Result<string> {
  if (named !== undefined && !Object.hasOwn(targets, named)) return failed(targetMissing(named));
  const name = named ?? before;
  const found = Object.values(targets)
    .filter((one) => one.pool === pool && (name === undefined || one.name === name))
    .sort((one, other) => compareNames(one.name, other.name))[0];
  return found === undefined
    ? failed(failure('target_not_found', `the pool ${pool} has no target ${name ?? ''}`.trim()))
    : success(found.name);
}

function refusalOf(draft: Draft, name: string, size: number): Result<never> | undefined {
  const { current } = draft.state.config;
  const unproven = unprovenNodes(current);
  if (unproven.length > 0)
    return failed(failure('fence_untested', `the fencing of ${unproven.join(' and ')} was never tested`));
  const pool = current.pools[name];
  if (pool === undefined) return failed(failure('pool_not_found', `there is no pool ${name}`));
  return tooFullToShare(draft.state, pool) ?? doesNotFit(draft.state, pool, size, true);
}
