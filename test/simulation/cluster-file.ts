import type { ClusterFile, FenceDeviceFile } from '../../src/model/index.ts';

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

/** Of the units that feed that node, both of which have to be off. */
export const feedAddresses = (node: string): readonly string[] =>
  [3, 4].map((row) => `10.0.0.${row}${names.indexOf(node)}`);

/** The address of the third machine, where there is one. */
export const WITNESS = '10.0.0.50';

/** What may be different from one simulated cluster to the next. */
export interface Variant {
  readonly hasWitness?: boolean;
  /** Behind the management board, both feeds of each node as a second level of fence devices. */
  readonly hasFeeds?: boolean;
  /** The management boards are said to be dark with their nodes. */
  readonly sharesPower?: boolean;
  /** A node that was fenced stays off. */
  readonly staysOff?: boolean;
}

export function fileOf({ hasWitness, hasFeeds, sharesPower, staysOff }: Variant): ClusterFile {
  const shared = sharesPower === true ? clusterFile.nodes.map(withSharedPower) : clusterFile.nodes;
  return {
    ...clusterFile,
    nodes: hasFeeds === true ? shared.map(withFeeds) : shared,
    ...(staysOff === true ? { properties: { fenceAction: 'off' } } : {}),
    ...(hasWitness === true ? { witness: { address: WITNESS } } : {}),
  };
}

type NodeFile = ClusterFile['nodes'][number];

const withSharedPower = (node: NodeFile): NodeFile => ({
  ...node,
  fence: { ...(node.fence as FenceDeviceFile), sharesPower: true } as FenceDeviceFile,
});

const withFeeds = (node: NodeFile): NodeFile => ({
  ...node,
  fence: [
    ...(Array.isArray(node.fence)
      ? (node.fence as readonly FenceDeviceFile[])
      : [node.fence as FenceDeviceFile]),
    ...feedAddresses(node.name).map((address): FenceDeviceFile => ({
      kind: 'pdu',
      level: 2,
      address,
      outlets: [node.name],
      version: '2c',
      community: 'not a secret here',
    })),
  ],
});
