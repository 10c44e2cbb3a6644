import {
  failed,
  failure,
  success,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { hostChangeFrom, hostFrom } from '../config/index.ts';
import { hostView, lunView } from '../explain/index.ts';
import { reply } from './draft.ts';
import type { Draft, EngineState } from './state.ts';
import { submit } from './submit.ts';

/** What is asked of hosts, and of who sees which LUN. */
export function showHosts(draft: Draft, id: number): void {
  const { state } = draft;
  const views = Object.values(state.config.current.hosts).map((host) => hostView(state, host));
  reply(draft, id, success(views));
}

export const showHost = (draft: Draft, id: number, { name }: RequestOf<'host'>): void =>
  reply(draft, id, findHost(draft.state, name));

export const showReach = (draft: Draft, id: number, { name }: RequestOf<'host.reach'>): void =>
  reply(draft, id, findReach(draft.state, name));

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
  state: EngineState,
  kind: RequestKind,
  subject: string,
): Result<unknown> | undefined {
  if (kind === 'host.create' || kind === 'host.set') return findHost(state, subject);
  if (kind === 'host.delete') return success({ deleted: true });
  const lun = state.config.current.luns[subject];
  if (kind === 'lun.unmap') return success({ lun: lun && lunView(state, lun) });
  if (kind !== 'lun.map') return undefined;
  return lun === undefined
    ? failed(failure('lun_not_found', `LUN ${subject} was deleted`))
    : success(lunView(state, lun));
}

function findReach(state: EngineState, name: string): Result<ReplyOf<'host.reach'>> {
  const { targets, luns } = state.config.current;
  const found = findHost(state, name);
  if (!found.ok) return found;
  return success({
    host: found.value,
    targets: Object.values(targets).map(({ iqn, portals }) => ({
      iqn,
      portals: portals.map(({ address }) => `${address}:3260`),
    })),
    luns: Object.values(luns)
      .filter(({ hosts }) => hosts.includes(name))
      .map((lun) => lunView(state, lun)),
  });
}

function findHost(state: EngineState, name: string): Result<ReplyOf<'host'>> {
  const host = state.config.current.hosts[name];
  return host === undefined
    ? failed(failure('host_not_found', `there is no host ${name}`))
    : success(hostView(state, host));
}
