import { withProvenFencing } from '../../simulation/proven.ts';
import { initialConfig } from '../../../src/engine/index.ts';
import {
  EXTENT,
  bytes,
  type ClusterConfig,
  type ClusterFile,
  type LunIntent,
} from '../../../src/model/index.ts';

const POOL = 'main';
const HOSTS = 4;

const clusterFile: ClusterFile = {
  name: 'idle',
  nodes: [1, 2].map((id) => ({
    name: `node${id}`,
    management: `10.99.0.${id}`,
    cluster: `10.99.0.${id}`,
    replication: `10.98.0.${id}`,
    disk: '/dev/disk/by-id/data',
    fence: { kind: 'ipmi', address: `10.97.0.${id}`, username: 'admin', password: 'not a secret here' },
  })),
  pool: { name: POOL, preferredNode: 'node1' },
  target: { iqn: 'iqn.2026-11.com.example:main', portals: ['10.96.1.100/24', '10.96.2.100/24'] },
  hosts: Array.from({ length: HOSTS }, (_, index) => ({
    name: `host${index}`,
    initiators: [`iqn.2026-11.com.example:host${index}`],
  })),
};

const hex = (value: number): string => value.toString(16).padStart(32, '0');

function lun(number: number): LunIntent {
  const name = `lun${number}`;
  return {
    name,
    pool: POOL,
    target: POOL,
    size: bytes(EXTENT * 16),
    hosts: clusterFile.hosts.map((host) => host.name),
    number,
    serial: hex(number),
    state: 'ready',
    operation: `operation-${number}`,
  };
}

/** Two nodes and `count` LUNs that were made long ago. The same count gives the same cluster. */
export function clusterWith(count: number): ClusterConfig {
  const config = initialConfig(clusterFile, { clusterId: hex(1), poolSecret: hex(2) });
  const pools = Object.values(config.pools).map((pool) => [pool.name, { ...pool, state: 'ready' as const }]);
  const luns = Array.from({ length: count }, (_, index) => lun(index));
  return {
    ...withProvenFencing(config),
    revision: 2 + count,
    pools: Object.fromEntries(pools) as ClusterConfig['pools'],
    luns: Object.fromEntries(luns.map((each) => [each.name, each])),
    nextLunNumber: count,
  };
}
