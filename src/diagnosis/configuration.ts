import { diagnosis, subnetOf, type ClusterConfig, type Diagnosis, type FenceDevice } from '../model/index.ts';
import { networksOf } from './networks.ts';
import { listText } from './words.ts';

/** What the configuration itself says, whatever the machines are like. */
export function diagnoseConfiguration(config: ClusterConfig): readonly Diagnosis[] {
  return [...fencing(config), ...power(config), ...boards(config), ...links(config), ...witness(config)];
}

/** Every two devices of different nodes. */
function pairsOf(config: ClusterConfig): readonly (readonly [FenceDevice, FenceDevice])[] {
  const devices = Object.values(config.fenceDevices);
  return devices.flatMap((one, index) =>
    devices
      .slice(index + 1)
      .filter(({ node }) => node !== one.node)
      .map((other) => [one, other] as const),
  );
}

/** Whether both would switch the same thing. */
function isSame(one: FenceDevice, other: FenceDevice): boolean {
  if (one.kind === 'ipmi' && other.kind === 'ipmi')
    return one.address === other.address && one.port === other.port;
  if (one.kind === 'pdu' && other.kind === 'pdu')
    return one.address === other.address && one.outlets.some((outlet) => other.outlets.includes(outlet));
  if (one.kind === 'libvirt' && other.kind === 'libvirt')
    return one.uri === other.uri && one.domain === other.domain;
  if (one.kind === 'ssh' && other.kind === 'ssh') return one.address === other.address;
  if (one.kind === 'agents' && other.kind === 'agents')
    return one.program === other.program && JSON.stringify(one.options) === JSON.stringify(other.options);
  return false;
}

const fencing = (config: ClusterConfig): readonly Diagnosis[] =>
  pairsOf(config)
    .filter(([one, other]) => isSame(one, other))
    .map(([one, other]) =>
      diagnosis(
        'fence_devices_same',
        undefined,
        `${one.name} of ${one.node} and ${other.name} of ${other.node} switch the same thing`,
      ),
    );

/** Where every outlet of both nodes is on one unit. */
function power(config: ClusterConfig): readonly Diagnosis[] {
  const nodes = Object.keys(config.nodes);
  const units = nodes.map(
    (node) =>
      new Set(
        Object.values(config.fenceDevices).flatMap((device) =>
          device.kind === 'pdu' && device.node === node ? [device.address] : [],
        ),
      ),
  );
  const [first] = units;
  const [address] = first ?? [];
  const isOne =
    units.length > 1 && units.every((unit) => unit.size === 1 && address !== undefined && unit.has(address));
  if (!isOne || address === undefined) return [];
  return [diagnosis('power_shared', undefined, `${listText(nodes)} are fed by the same unit, ${address}`)];
}

/** A level without a board could confirm what a board without power cannot. */
const boards = (config: ClusterConfig): readonly Diagnosis[] =>
  Object.keys(config.nodes).flatMap((node) => {
    const devices = Object.values(config.fenceDevices).filter((device) => device.node === node);
    // One that is said to share the power of its node is told by the status, and weighs more there.
    if (
      devices.length === 0 ||
      devices.some(({ kind, sharesPower }) => kind !== 'ipmi' || sharesPower === true)
    )
      return [];
    const names = listText(devices.map(({ name }) => name));
    return [diagnosis('fence_board_alone', node, `only its management board fences it (${names})`)];
  });

function links(config: ClusterConfig): readonly Diagnosis[] {
  const nodes = Object.keys(config.nodes);
  if (nodes.length < 2) return [];
  const isOne = nodes.every((node) => {
    const networks = networksOf(node, config).filter(({ network }) => network !== 'management');
    return new Set(networks.map(({ address }) => subnetOf(address, 24))).size === 1;
  });
  return isOne
    ? [diagnosis('one_link', undefined, 'Corosync has one link, and the mirror the same network')]
    : [];
}

const witness = (config: ClusterConfig): readonly Diagnosis[] =>
  config.witness === undefined
    ? [diagnosis('witness_absent', undefined, 'no third machine decides who goes on after a split')]
    : [];
