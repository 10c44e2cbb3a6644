import {
  assertNever,
  failed,
  failure,
  success,
  type ClusterConfig,
  type Failure,
  type Portal,
  type Result,
  type TargetCommand,
  type TargetIntent,
} from '../../model/index.ts';
import { leaveOut } from './leave-out.ts';

/** Portals of a target, as many as a cluster file may have. */
const MOST_PORTALS = 8;

/** What changes nothing gives the very same configuration back. */
export function applyTarget(config: ClusterConfig, command: TargetCommand): Result<ClusterConfig> {
  const target = targetOf(config, command.name);
  if (target === undefined) return absent(config, command);
  const { portals } = target;
  const withPortals = (changed: readonly Portal[]): Result<ClusterConfig> =>
    success({
      ...config,
      targets: { ...config.targets, [target.name]: { ...target, portals: changed } },
    });
  switch (command.kind) {
    case 'portal.add':
      return addPortal(config, target, command.portal, withPortals);
    case 'portal.remove': {
      const present = portals.find(({ address }) => address === command.address);
      if (present === undefined || present.removing === true) return success(config);
      if (portals.every(({ address, removing }) => address === command.address || removing === true))
        return failed(
          failure('portal_last', `${command.address} is the only portal of target ${target.name}`),
        );
      return withPortals(portals.map((one) => (one === present ? { ...one, removing: true } : one)));
    }
    case 'portal.removed': {
      const left = portals.filter((one) => one.address !== command.address || one.removing !== true);
      return left.length === portals.length ? success(config) : withPortals(left);
    }
    default:
      return assertNever(command);
  }
}

/** Where there is no target, there is no portal either: nothing is left to remove. */
const absent = (config: ClusterConfig, { kind, name }: TargetCommand): Result<ClusterConfig> =>
  kind === 'portal.add' ? failed(targetMissing(name)) : success(config);

export const targetMissing = (name: string): Failure =>
  failure('target_not_found', `there is no target ${name}`);

export const targetOf = ({ targets }: ClusterConfig, name: string): TargetIntent | undefined =>
  Object.hasOwn(targets, name) ? targets[name] : undefined;

function addPortal(
  config: ClusterConfig,
  { name, portals }: TargetIntent,
  { address, prefix }: Pick<Portal, 'address' | 'prefix'>,
  withPortals: (changed: readonly Portal[]) => Result<ClusterConfig>,
): Result<ClusterConfig> {
  const present = portals.find((portal) => portal.address === address);
  if (present !== undefined && present.prefix !== prefix)
    return failed(
      failure('address_taken', `${address}/${present.prefix} is a portal of target ${name} already`),
    );
  // Asked for again before it was gone: it stays.
  if (present?.removing === true)
    return withPortals(portals.map((one) => (one === present ? leaveOut(one, 'removing') : one)));
  if (present !== undefined) return success(config);
  const owner = ownerOf(config, address);
  if (owner !== undefined) return failed(failure('address_taken', `${address} is ${owner}`));
  if (portals.length >= MOST_PORTALS)
    return failed(failure('portal_limit', `target ${name} has ${portals.length} portals`));
  const numbers = portals.map((portal) => Number(portal.name)).filter(Number.isSafeInteger);
  return withPortals([...portals, { name: String(Math.max(0, ...numbers) + 1), address, prefix }]);
}

/** Whose address it is, as far as the cluster knows; what else is in the network, the network has to be asked. */
function ownerOf(
  { targets, nodes, fenceDevices, witness }: ClusterConfig,
  address: string,
): string | undefined {
  const target = Object.values(targets).find(({ portals }) =>
    portals.some((portal) => portal.address === address),
  );
  if (target !== undefined) return `a portal of target ${target.name}`;
  const node = Object.values(nodes).find(({ management, cluster, replication, links = [] }) =>
    [management, cluster, replication, ...links].includes(address),
  );
  if (node !== undefined) return `an address of node ${node.name}`;
  const device = Object.values(fenceDevices).find((one) => 'address' in one && one.address === address);
  if (device !== undefined) return `the address of the fence device ${device.name}`;
  return witness?.address === address ? 'the address of the witness' : undefined;
}
