import {
  assertNever,
  chapProblem,
  failed,
  failure,
  success,
  type ChapCredentials,
  type ChapRequest,
  type ClusterConfig,
  type Failure,
  type HostChange,
  type HostCommand,
  type HostIntent,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { canonical } from './canonical.ts';
import { mapLun, unmapLun } from './mappings.ts';

/** What is asked for, with what it leaves out: users that nobody has named. */
export function hostFrom(wanted: RequestOf<'host.create'>, clusterName: string): HostIntent {
  const { name, initiators } = wanted;
  const chap = credentials(wanted.chap, name);
  const mutualChap = credentials(wanted.mutualChap, clusterName);
  return { name, initiators, ...(chap && { chap }), ...(mutualChap && { mutualChap }) };
}

const credentials = (wanted: ChapRequest | undefined, username: string): ChapCredentials | undefined =>
  wanted && { username: wanted.username ?? username, secret: wanted.secret };

/** The same of a change of a host. */
export function hostChangeFrom(
  { initiators, chap, mutualChap }: Omit<RequestOf<'host.set'>, 'name'>,
  before: Pick<HostIntent, 'name' | 'chap' | 'mutualChap'>,
  clusterName: string,
): HostChange {
  return {
    initiators,
    chap: chap === null ? null : credentials(chap, before.chap?.username ?? before.name),
    mutualChap:
      mutualChap === null ? null : credentials(mutualChap, before.mutualChap?.username ?? clusterName),
  };
}

/** Hosts, and who sees which LUN. What changes nothing gives the very same configuration back. */
export function applyHost(config: ClusterConfig, command: HostCommand): Result<ClusterConfig> {
  switch (command.kind) {
    case 'host.create':
      return createHost(config, command.host);
    case 'host.set':
      return setHost(config, command.name, command.change);
    case 'host.delete':
      return deleteHost(config, command.name);
    case 'lun.map':
      return mapLun(config, command);
    case 'lun.unmap':
      return unmapLun(config, command);
    default:
      return assertNever(command);
  }
}

function createHost(config: ClusterConfig, wanted: HostIntent): Result<ClusterConfig> {
  const existing = hostOf(config, wanted.name);
  if (existing === undefined) return withHost(config, wanted);
  return isSame(existing, wanted)
    ? success(config)
    : failed(
        failure(
          'name_taken',
          `host ${wanted.name} exists with ${existing.initiators.join(', ')}, or other CHAP`,
        ),
      );
}

function setHost(config: ClusterConfig, name: string, change: HostChange): Result<ClusterConfig> {
  const host = hostOf(config, name);
  if (host === undefined) return failed(failure('host_not_found', `there is no host ${name}`));
  const chap = change.chap === undefined ? host.chap : (change.chap ?? undefined);
  const mutualChap = change.mutualChap === undefined ? host.mutualChap : (change.mutualChap ?? undefined);
  const wanted: HostIntent = {
    name,
    initiators: change.initiators ?? host.initiators,
    ...(chap === undefined ? {} : { chap }),
    ...(mutualChap === undefined ? {} : { mutualChap }),
  };
  return isSame(host, wanted) ? success(config) : withHost(config, wanted);
}

function deleteHost(config: ClusterConfig, name: string): Result<ClusterConfig> {
  if (hostOf(config, name) === undefined) return success(config);
  const luns = Object.values(config.luns).filter(({ hosts }) => hosts.includes(name));
  if (luns.length > 0) {
    const shown = luns.slice(0, 5).map((lun) => lun.name);
    const more = luns.length - shown.length;
    const which = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return failed(failure('host_in_use', `host ${name} sees ${which}`));
  }
  const hosts = Object.fromEntries(Object.entries(config.hosts).filter(([other]) => other !== name));
  return success({ ...config, hosts });
}

function withHost(config: ClusterConfig, host: HostIntent): Result<ClusterConfig> {
  const refusal = chapRefusal(host) ?? takenInitiator(config, host);
  return refusal === undefined
    ? success({ ...config, hosts: { ...config.hosts, [host.name]: host } })
    : failed(refusal);
}

function chapRefusal(host: HostIntent): Failure | undefined {
  const problem = chapProblem(host);
  return problem === undefined ? undefined : failure('chap_invalid', `host ${host.name}: ${problem}`);
}

/** The kernel knows who logs in by the initiator alone: one that is two hosts' would see the LUNs of both. */
function takenInitiator({ hosts, targets }: ClusterConfig, host: HostIntent): Failure | undefined {
  for (const initiator of host.initiators) {
    const other = Object.values(hosts).find(
      ({ name, initiators }) => name !== host.name && initiators.includes(initiator),
    );
    if (other !== undefined) return failure('initiator_taken', `${initiator} is host ${other.name}`);
    const target = Object.values(targets).find(({ iqn }) => iqn === initiator);
    if (target !== undefined)
      return failure('initiator_taken', `${initiator} is the name of target ${target.name}`);
  }
  return undefined;
}

const hostOf = ({ hosts }: ClusterConfig, name: string): HostIntent | undefined =>
  Object.hasOwn(hosts, name) ? hosts[name] : undefined;

/** In whatever order its initiators are named. */
const isSame = (one: HostIntent, other: HostIntent): boolean => text(one) === text(other);

const text = (host: HostIntent): string => canonical({ ...host, initiators: [...host.initiators].sort() });
