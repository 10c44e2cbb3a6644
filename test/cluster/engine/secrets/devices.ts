import type { ClusterConfig, FenceDevice } from '../../../../src/model/index.ts';
import { withProvenFencing } from '../../../simulation/proven.ts';
import { stationAddressOf } from '../../switch.ts';

/** The network of the boards: it stays when the nodes lose each other. */
export const MANAGEMENT = 1;
export const BOARD_PORT = 623;

/** One for each secret that a configuration can hold; short enough for IPMI, long enough for SNMP. */
export const markers = {
  board: 'marker-of-the-board',
  community: 'marker-community',
  authentication: 'marker-authentication',
  privacy: 'marker-privacy',
  hypervisor: 'marker-hypervisor',
  program: 'marker-program',
  pool: 'marker-pool',
} as const;

/** Its board answers; what stands behind it in further levels nobody answers for, and is asked all the same. */
export function withSecrets(config: ClusterConfig): ClusterConfig {
  const devices = Object.values(config.nodes).flatMap(({ name, id }) => devicesOf(name, id));
  const pools = Object.values(config.pools).map((pool) => [
    pool.name,
    { ...pool, sharedSecret: markers.pool },
  ]);
  return withProvenFencing({
    ...config,
    pools: Object.fromEntries(pools) as ClusterConfig['pools'],
    fenceDevices: Object.fromEntries(devices.map((device) => [device.name, device])),
  });
}

function devicesOf(node: string, id: number): readonly FenceDevice[] {
  const address = stationAddressOf(id, MANAGEMENT);
  const unit = { kind: 'pdu', node, address, port: 161, family: 'apc', outlets: [node] } as const;
  return [
    {
      kind: 'ipmi',
      name: `ipmi-${node}`,
      node,
      address,
      port: BOARD_PORT,
      username: 'admin',
      password: markers.board,
    },
    { ...unit, name: `pdu-${node}`, level: 2, version: '2c', community: markers.community },
    {
      ...unit,
      name: `pdu-${node}-2`,
      level: 3,
      version: '3',
      username: 'keelson',
      authentication: 'sha',
      authenticationKey: markers.authentication,
      privacy: 'aes',
      privacyKey: markers.privacy,
    },
    {
      kind: 'libvirt',
      name: `libvirt-${node}`,
      node,
      level: 4,
      uri: `qemu+tcp://${address}/system`,
      domain: node,
      username: 'keelson',
      password: markers.hypervisor,
    },
    {
      kind: 'agents',
      name: `agents-${node}`,
      node,
      level: 5,
      program: 'fence_redfish',
      options: { ip: address, username: 'keelson' },
      secrets: { password: markers.program },
    },
  ];
}
