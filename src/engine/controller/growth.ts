import {
  failed,
  failure,
  roundUpToExtent,
  success,
  type KeyRecord,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { checkGrowth } from '../config/index.ts';
import { lunView } from '../explain/index.ts';
import { reply, uniqueName } from './draft.ts';
import { doesNotFit } from './room.ts';
import type { Draft } from './state.ts';
import { pend, submit } from './submit.ts';
import { operationOfKey, withEtag } from './terms.ts';

/** Answered at once where there is nothing to do; else when the wish is on all disks. */
export function growLun(draft: Draft, id: number, { name, size }: RequestOf<'lun.grow'>): void {
  const { current } = draft.state.config;
  const wanted = roundUpToExtent(size);
  const checked = checkGrowth(current, name, wanted);
  if (!checked.ok) return reply(draft, id, checked);
  const lun = checked.value;
  const pool = current.pools[lun.pool];
  if (pool === undefined)
    return reply(draft, id, failed(failure('pool_not_found', `there is no pool ${lun.pool}`)));
  if (wanted > (lun.grow?.size ?? lun.size)) {
    const refusal = doesNotFit(draft.state, pool, wanted - lun.size, lun.thin);
    if (refusal !== undefined) return reply(draft, id, refusal);
  }
  // It has that size: answered when that is on all disks, like a change.
  if (lun.grow === undefined && wanted === lun.size) {
    const { revision } = current;
    const answer = { lun: withEtag(draft, 'luns', lunView(draft.state, lun)), operation: undefined };
    const waitsFor = { kind: 'entry', entry: '', revision, subject: name, answer } as const;
    return pend(draft, id, { kind: 'lun.grow', waitsFor });
  }
  const operation = uniqueName(draft, 'operation');
  submit(draft, id, 'lun.grow', name, { kind: 'lun.grow', name, size, operation });
}

/** As it is now that the wish is on all disks; the growth may have come to its end before. */
export function changedSize(
  draft: Draft,
  name: string,
  record: KeyRecord | undefined,
): Result<ReplyOf<'lun.grow'>> {
  const { state } = draft;
  const { luns, operations } = state.config.current;
  const lun = luns[name];
  if (lun === undefined) return failed(failure('lun_not_found', `LUN ${name} was deleted`));
  // Who asks for what is under way already is answered with that.
  const [newest] = Object.values(operations)
    .filter(({ kind, subject }) => kind === 'lun.grow' && subject === name)
    .sort((a, b) => b.createdAt - a.createdAt);
  const operation = operationOfKey(state, record) ?? operations[lun.grow?.operation ?? ''] ?? newest;
  return success({ lun: withEtag(draft, 'luns', lunView(state, lun)), operation });
}
