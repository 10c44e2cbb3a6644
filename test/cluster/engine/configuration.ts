import { initialConfig } from '../../../src/engine/index.ts';
import { milliseconds, type ClusterConfig, type Milliseconds } from '../../../src/model/index.ts';
import { corosyncConfiguration } from '../../../src/platform/formation/corosync-configuration.ts';
import { createRandom } from '../../../src/platform/world.ts';
import { withProvenFencing } from '../../simulation/proven.ts';
import { addressOf } from '../corosync-config.ts';

export const POOL = 'data';
/** Of the pool's disks: the others are in the cluster for quorum, and to fence. */
const STORAGE_NODES = 2;

export const nodeNameOf = (id: number): string => `node${id}`;
export const deviceAddressOf = (id: number): string => `10.98.0.${id}`;

/** Nodes by id from 1; the first two have the pool's disks. */
export function clusterConfig(count: number, token: Milliseconds): ClusterConfig {
  const random = createRandom();
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const config = initialConfig(
    {
      name: 'keelson-test',
      nodes: ids.map((id) => ({
        name: nodeNameOf(id),
        management: addressOf(0, id),
        cluster: addressOf(0, id),
        replication: addressOf(0, id),
        disk: '/dev/disk/by-id/data',
        fence: {
          kind: 'ipmi',
          address: deviceAddressOf(id),
          username: 'admin',
          password: 'of no use anywhere',
        },
      })),
      pool: { name: POOL },
      target: { iqn: 'iqn.2026-11.com.example:data', portals: ['10.0.3.100/24', '10.0.4.100/24'] },
      hosts: [{ name: 'client', initiators: ['iqn.2026-11.com.example:client'] }],
      properties: { token, engineGrace: milliseconds(30_000) },
    },
    { clusterId: random.hex(16), poolSecret: random.hex(16) },
  );
  const pools = Object.entries(config.pools).map(([name, pool]) => {
    const disks = Object.fromEntries(Object.entries(pool.disks).slice(0, STORAGE_NODES));
    return [name, { ...pool, disks }] as const;
  });
  return withProvenFencing({ ...config, pools: Object.fromEntries(pools) });
}

/** As the product writes it when a node is set up. */
export const corosyncText = (config: ClusterConfig): string =>
  corosyncConfiguration({
    clusterName: config.clusterName,
    nodes: Object.values(config.nodes),
    token: config.properties.token,
  });
