import {
  failed,
  failure,
  within,
  type EntryKey,
  type KeyRecord,
  type LogEntry,
  type OperationView,
  type Page,
  type RequestKind,
  type Result,
  type TaggedSection,
} from '../../model/index.ts';
import { etagOf, keyRecord } from '../config/index.ts';
import { operationView } from '../quorum/witness-change.ts';
import type { Draft, EngineState } from './state.ts';

/** Whose tag is meant, by the beginning of the request's kind. */
const sections: Readonly<Record<string, TaggedSection>> = {
  lun: 'luns',
  snapshot: 'snapshots',
  host: 'hosts',
  target: 'targets',
  portal: 'targets',
  pool: 'pools',
  node: 'nodes',
};

/** Of a request under way: what its entry in the log is to carry. */
export interface Terms {
  readonly ifMatch?: readonly string[];
  readonly key?: EntryKey;
}

/** What the entry of a request carries beside its command. */
export function entryTerms(
  { terms }: EngineState,
  id: number,
  kind: RequestKind,
  name: string,
): Pick<LogEntry, 'condition' | 'key'> {
  const { ifMatch: tags, key } = terms[id] ?? {};
  const section = sections[kind.split('.')[0] ?? ''];
  return {
    ...(tags !== undefined && section !== undefined && { condition: { section, name, tags } }),
    ...(key && { key }),
  };
}

/** What was carried out under the key of this request. */
export function recordOf({ terms, config }: EngineState, id: number): KeyRecord | undefined {
  const key = terms[id]?.key;
  return key && keyRecord(config.current, key.key);
}

/** That operation, where it is still known. */
export function operationOfKey(state: EngineState, record: KeyRecord | undefined): OperationView | undefined {
  const operation = state.config.current.operations[record?.operation ?? ''];
  return operation && operationView(state, operation);
}

/** What the request made once is gone by now: the end of its operation says why, or somebody has deleted it. */
export function goneAgain(state: EngineState, record: KeyRecord): Result<never> {
  const operation = operationOfKey(state, record);
  return operation?.failure === undefined
    ? failed(failure('key_spent', `${record.subject} was made under this Idempotency-Key, and deleted since`))
    : failed(within(`Operation ${operation.id}`, operation.failure));
}

/** The view with its tag, as the object is configured now. */
export function withEtag<View extends { readonly name: string }>(
  { state, digest }: Draft,
  section: TaggedSection,
  view: View,
): View {
  const etag = etagOf(state.config.current, section, view.name, digest);
  return etag === undefined ? view : { ...view, etag };
}

export const taggedPage = <View extends { readonly name: string }>(
  draft: Draft,
  section: TaggedSection,
  { items, next }: Page<View>,
): Page<View> => ({ items: items.map((view) => withEtag(draft, section, view)), next });
