import type { ClusterFile } from '../../src/model/index.ts';

const names = ['alpha', 'beta'];

/** Of that node's management board. */
export const boardAddress = (node: string): string => `10.0.0.2${names.indexOf(node)}`;

/** The cluster that is simulated. */
export const clusterFile: ClusterFile = {
  name: 'simulated',
  nodes: names.map((name, index) => ({
    name,
    management: `10.0.0.1${index}`,
    cluster: `10.0.1.1${index}`,
    replication: `10.0.2.1${index}`,
    disk: '/dev/disk/by-id/data',
    fence: { kind: 'ipmi', address: boardAddress(name), username: 'admin', password: 'not a secret here' },
  })),
  pool: { name: 'main', preferredNode: 'alpha' },
  target: { iqn: 'iqn.2026-11.com.example:main', portals: ['10.0.3.100/24', '10.0.4.100/24'] },
  hosts: [{ name: 'client', initiators: ['iqn.2026-11.com.example:client'] }],
};

/** The address of the third machine, where there is one. */
export const WITNESS = '10.0.0.30';
