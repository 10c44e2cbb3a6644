import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type HostCommand,
  type HostName,
  type LunIntent,
  type Result,
} from '../../model/index.ts';

/** Who sees a LUN, and who of them can only read. */
export type Access = Pick<LunIntent, 'hosts' | 'readOnlyHosts'>;

/** What is empty is left out, so that the same access has one text only. */
export const accessOf = (hosts: readonly HostName[], readOnlyHosts: readonly HostName[] = []): Access => ({
  hosts,
  ...(readOnlyHosts.length === 0 ? {} : { readOnlyHosts }),
});

/** In whatever order the hosts are named. */
export const isSameAccess = (one: Access, other: Access): boolean =>
  sorted(one.hosts) === sorted(other.hosts) && sorted(one.readOnlyHosts) === sorted(other.readOnlyHosts);

const sorted = (hosts: readonly HostName[] = []): string => [...hosts].sort().join();

/** Why a LUN cannot be for these hosts; undefined: it can. */
export function accessRefusal(
  config: ClusterConfig,
  { hosts, readOnlyHosts = [] }: Access,
): Result<never> | undefined {
  const unknown = hosts.find((host) => !Object.hasOwn(config.hosts, host));
  if (unknown !== undefined) return failed(failure('host_not_found', `there is no host ${unknown}`));
  const stranger = readOnlyHosts.find((host) => !hosts.includes(host));
  return stranger === undefined
    ? undefined
    : failed(failure('host_not_found', `${stranger} is to read only, and is none of the LUN's hosts`));
}

export function mapLun(
  config: ClusterConfig,
  { name, host, readOnly }: Extract<HostCommand, { kind: 'lun.map' }>,
): Result<ClusterConfig> {
  const lun = config.luns[name];
  if (lun === undefined) return failed(failure('lun_not_found', `there is no LUN ${name}`));
  if (lun.state === 'deleting')
    return failed(failure('lun_busy', `LUN ${name} is being deleted (operation ${lun.operation})`));
  const others = (lun.readOnlyHosts ?? []).filter((other) => other !== host);
  const access = accessOf(
    lun.hosts.includes(host) ? lun.hosts : [...lun.hosts, host],
    readOnly ? [...others, host] : others,
  );
  return accessRefusal(config, access) ?? withAccess(config, lun, access);
}

export function unmapLun(
  config: ClusterConfig,
  { name, host }: Extract<HostCommand, { kind: 'lun.unmap' }>,
): Result<ClusterConfig> {
  const lun = config.luns[name];
  if (lun === undefined) return success(config);
  const but = (hosts: readonly HostName[] = []): readonly HostName[] =>
    hosts.filter((other) => other !== host);
  return withAccess(config, lun, accessOf(but(lun.hosts), but(lun.readOnlyHosts)));
}

function withAccess(config: ClusterConfig, lun: LunIntent, access: Access): Result<ClusterConfig> {
  if (isSameAccess(lun, access)) return success(config);
  return success({ ...config, luns: { ...config.luns, [lun.name]: withOnly(lun, access) } });
}

/** The LUN with this access, and nothing left of what it had. */
export function withOnly(lun: LunIntent, { hosts, readOnlyHosts = [] }: Access): LunIntent {
  const changed: { -readonly [Field in keyof LunIntent]: LunIntent[Field] } = { ...lun, hosts };
  delete changed.readOnlyHosts;
  return readOnlyHosts.length === 0 ? changed : { ...changed, readOnlyHosts };
}
