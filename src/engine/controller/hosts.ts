import {
  failed,
  failure,
  success,
  type KeyRecord,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { hostChangeFrom, hostFrom } from '../config/index.ts';
import { hostPage, hostView, lunPage, lunView, portalsOf } from '../explain/index.ts';
import { reply } from './draft.ts';
import type { Draft } from './state.ts';
import { submit } from './submit.ts';
import { goneAgain, taggedPage, withEtag } from './terms.ts';

/** What is asked of hosts, and of who sees which LUN. */
export const showHosts = (draft: Draft, id: number, asked: RequestOf<'hosts'>): void =>
  reply(draft, id, success(taggedPage(draft, 'hosts', hostPage(draft.state, asked))));

export const showHost = (draft: Draft, id: number, { name }: RequestOf<'host'>): void =>
  reply(draft, id, findHost(draft, name));

export const showReach = (draft: Draft, id: number, { name }: RequestOf<'host.reach'>): void =>
  reply(draft, id, findReach(draft, name));

export function createHost(draft: Draft, id: number, wanted: RequestOf<'host.create'>): void {
  const host = hostFrom(wanted, draft.state.config.current.clusterName);
  submit(draft, id, 'host.create', host.name, { kind: 'host.create', host });
}

export function setHost(draft: Draft, id: number, wanted: RequestOf<'host.set'>): void {
  const { name } = wanted;
  const { hosts, clusterName } = draft.state.config.current;
  const change = hostChangeFrom(wanted, hosts[name] ?? { name }, clusterName);
  submit(draft, id, 'host.set', name, { kind: 'host.set', name, change });
}

/** Of a host that is not there, nothing is left to do. */
export function deleteHost(draft: Draft, id: number, { name }: RequestOf<'host.delete'>): void {
  if (draft.state.config.current.hosts[name] === undefined)
    return reply(draft, id, success({ deleted: false }));
  submit(draft, id, 'host.delete', name, { kind: 'host.delete', name });
}

export const mapLun = (draft: Draft, id: number, { name, host, readOnly }: RequestOf<'lun.map'>): void =>
  submit(draft, id, 'lun.map', name, { kind: 'lun.map', name, host, readOnly: readOnly === true });

export function unmapLun(draft: Draft, id: number, { name, host }: RequestOf<'lun.unmap'>): void {
  if (draft.state.config.current.luns[name] === undefined)
    return reply(draft, id, success({ lun: undefined }));
  submit(draft, id, 'lun.unmap', name, { kind: 'lun.unmap', name, host });
}

/** As things are now that the change is on all disks; undefined: it was about something else. */
export function changedHost(
  draft: Draft,
  kind: RequestKind,
  subject: string,
  record: KeyRecord | undefined,
): Result<unknown> | undefined {
  const { state } = draft;
  const { luns, hosts } = state.config.current;
  if (kind === 'host.create' && record !== undefined && hosts[subject] === undefined)
    return goneAgain(state, record);
  if (kind === 'host.create' || kind === 'host.set') return findHost(draft, subject);
  if (kind === 'host.delete') return success({ deleted: true });
  const lun = luns[subject];
  const view = lun && withEtag(draft, 'luns', lunView(state, lun));
  if (kind === 'lun.unmap') return success({ lun: view });
  if (kind !== 'lun.map') return undefined;
  return view === undefined ? failed(failure('lun_not_found', `LUN ${subject} was deleted`)) : success(view);
}

function findReach(draft: Draft, name: string): Result<ReplyOf<'host.reach'>> {
  const { targets } = draft.state.config.current;
  const found = findHost(draft, name);
  if (!found.ok) return found;
  return success({
    host: found.value,
    targets: Object.values(targets).map((target) => ({ iqn: target.iqn, portals: portalsOf(target) })),
    luns: lunPage(draft.state, { host: name }).items,
  });
}

function findHost(draft: Draft, name: string): Result<ReplyOf<'host'>> {
  const { state } = draft;
  const host = state.config.current.hosts[name];
  return host === undefined
    ? failed(failure('host_not_found', `there is no host ${name}`))
    : success(withEtag(draft, 'hosts', hostView(state, host)));
}
