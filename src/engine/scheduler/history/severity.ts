import type { OnFail } from '../actions/action.ts';
import type { DraftResource } from '../unpack/draft.ts';
import { operationSettings, type OperationSettings } from '../unpack/operation.ts';
import type { Operation } from './operation.ts';
import type { Reading } from './reading.ts';

/** From the mildest consequence of a failure to the gravest. */
const SEVERITY: Readonly<Record<OnFail, number>> = {
  ignore: 0,
  demote: 1,
  recover: 2,
  'reset-remote': 3,
  'restart-container': 4,
  migrate: 5,
  block: 6,
  stop: 7,
  standby: 8,
  fence: 9,
};

export function isGraver(left: OnFail, right: OnFail): boolean {
  return SEVERITY[left] > SEVERITY[right];
}

const KEY_END = /^(.+)_([0-9]+)$/;

/** Operation and interval as the key has them, where it is a key of this resource. */
function partsOf(key: string, resource: DraftResource): { readonly task: string; readonly interval: number } {
  for (const name of [resource.id, resource.historyId]) {
    if (name === undefined || !key.toLowerCase().startsWith(`${name.toLowerCase()}_`)) continue;
    const match = KEY_END.exec(key.slice(name.length + 1));
    if (match !== null) return { task: match[1] ?? '', interval: Number(match[2]) };
  }
  // No definition has this name.
  return { task: '', interval: Number(KEY_END.exec(key)?.[2] ?? 0) };
}

/** What the definition says about an operation that is recorded: on-fail and the role afterwards. */
export function settingsOf(
  { draft }: Reading,
  resource: DraftResource,
  { key, task }: Operation,
): OperationSettings {
  const parts = partsOf(key, resource);
  return operationSettings(draft, resource, task, parts.interval, undefined, parts.task);
}
