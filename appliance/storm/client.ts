import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { LunView, OperationView } from '../../src/model/index.ts';
import { storageNodeNames } from '../lab/topology.ts';
import type { Answer, San } from '../trial/san.ts';
import type { StormAction, StormCall } from './call.ts';

/** Milliseconds: a node comes back from a killed process long before. */
const ANSWERED = 600_000;
/** What an engine has taken and nobody has heard an answer to is in everybody's log within this time, or gone with that engine. */
const LATE = 60_000;
const PAUSE = 1000;

/** What the clients write down together. */
export interface StormRecord {
  readonly calls: StormCall[];
  /** Every LUN as an answer showed it. */
  readonly seen: LunView[];
  /** Operations that failed, and answers that none of this expects. */
  readonly strange: string[];
}

const ofAny = <Item>(items: readonly Item[]): Item => items[randomInt(items.length)] as Item;

const asRequest = (
  lun: string,
  action: StormAction,
): { readonly method: string; readonly path: string; readonly body?: unknown } => {
  const path = `/luns/${lun}`;
  switch (action.kind) {
    case 'create': {
      const { size, thin, access } = action;
      const readOnlyHosts = Object.keys(access).filter((host) => access[host] === 'read-only');
      const body = { name: lun, size, thin, hosts: Object.keys(access), readOnlyHosts };
      return { method: 'POST', path: '/luns?wait=30', body };
    }
    case 'delete':
      return {
        method: 'DELETE',
        path: `${path}?wait=30${action.withSnapshots ? '&snapshots=true' : ''}`,
      };
    case 'snapshot':
      return { method: 'POST', path: '/snapshots?wait=30', body: { name: `${lun}@${action.snapshot}` } };
    case 'drop':
      return { method: 'DELETE', path: `/snapshots/${lun}@${action.snapshot}?wait=30` };
    case 'grow':
      return { method: 'PATCH', path: `${path}?wait=30`, body: { size: action.size } };
    case 'map':
      return {
        method: 'PUT',
        path: `${path}/hosts/${action.host}`,
        body: { readOnly: action.access === 'read-only' },
      };
    case 'unmap':
      return { method: 'DELETE', path: `${path}/hosts/${action.host}` };
  }
};

/** Asks any node; undefined: there was no answer, or one that does not say whether it was carried out. */
async function ask(
  san: San,
  { method, path, body }: ReturnType<typeof asRequest>,
  key?: string,
): Promise<Answer | undefined> {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const answer = await san
    .call(ofAny(storageNodeNames), method, path, body, { headers })
    .catch(() => undefined);
  return answer === undefined || answer.status >= 500 ? undefined : answer;
}

/** The end of an operation, asked of any node until one tells it. */
async function endOf(san: San, id: string): Promise<OperationView | undefined> {
  const end = performance.now() + ANSWERED;
  while (performance.now() < end) {
    const answer = await ask(san, { method: 'GET', path: `/operations/${id}?wait=30` });
    if (answer !== undefined && answer.status !== 200) return undefined;
    const operation = answer?.body as OperationView | undefined;
    if (operation !== undefined && operation.state !== 'running') return operation;
    if (answer === undefined) await wait(PAUSE);
  }
  return undefined;
}

interface Body {
  readonly code?: string;
  readonly lun?: LunView;
  readonly operation?: OperationView;
}

async function judged(
  san: San,
  record: StormRecord,
  what: string,
  answer: Answer | undefined,
): Promise<StormCall['answer']> {
  if (answer === undefined) return 'unknown';
  const { code, lun, operation } = (answer.body ?? {}) as Body;
  if (lun !== undefined) record.seen.push(lun);
  if (answer.status >= 400) {
    // It was made once by this very request, and is gone again by another one.
    if (code === 'key_spent') return 'done';
    return { refused: code ?? `status ${answer.status}` };
  }
  if (operation?.state !== 'running') return 'done';
  const ended = await endOf(san, operation.id);
  if (ended?.state === 'succeeded') return 'done';
  record.strange.push(`${what}: ${ended?.failure?.code ?? 'nobody knows its operation'}`);
  return 'unknown';
}

/** One call, repeated until somebody answers, as a careful program would; each attempt is one in the record. */
export async function perform(
  san: San,
  record: StormRecord,
  lun: string,
  action: StormAction,
): Promise<StormCall['answer']> {
  // A repetition with the same key is the same call; without one it is another.
  const key = action.kind === 'create' && randomInt(2) === 0 ? randomUUID() : undefined;
  const request = asRequest(lun, action);
  const end = performance.now() + ANSWERED;
  let sent = performance.now();
  for (;;) {
    const answer = await judged(san, record, `${action.kind} ${lun}`, await ask(san, request, key));
    const isAnswered = answer !== 'unknown';
    if (isAnswered || key === undefined || performance.now() > end)
      record.calls.push({
        lun,
        action,
        sent,
        answered: performance.now() + (isAnswered ? 0 : LATE),
        answer,
      });
    if (isAnswered || performance.now() > end) return answer;
    await wait(PAUSE);
    if (key === undefined) sent = performance.now();
  }
}
