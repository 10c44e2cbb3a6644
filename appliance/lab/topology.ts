/** The lab's fixed shape: which machines there are, and which networks they are on. Everything is derived from here. */
export const networkNames = ['management', 'cluster', 'replication', 'storage-a', 'storage-b'] as const;
export type NetworkName = (typeof networkNames)[number];

export interface Network {
  readonly name: NetworkName;
  /** Third number of its addresses, 10.77.INDEX.0/24, and fifth byte of the MAC addresses on it. */
  readonly index: number;
  /** What the interface is called inside the machines. */
  readonly interfaceName: string;
}

export const networks: Readonly<Record<NetworkName, Network>> = {
  management: { name: 'management', index: 0, interfaceName: 'mgmt0' },
  cluster: { name: 'cluster', index: 1, interfaceName: 'cluster0' },
  replication: { name: 'replication', index: 2, interfaceName: 'repl0' },
  'storage-a': { name: 'storage-a', index: 3, interfaceName: 'stora0' },
  'storage-b': { name: 'storage-b', index: 4, interfaceName: 'storb0' },
};

export const storageNodeNames = ['san-a', 'san-b'] as const;
export type StorageNodeName = (typeof storageNodeNames)[number];
/** Those that every lab has. */
export const usualMachineNames = [...storageNodeNames, 'client'] as const;
/** The last is there only where it was asked for. */
export const machineNames = [...usualMachineNames, 'witness'] as const;
export type MachineName = (typeof machineNames)[number];

export interface Machine {
  readonly name: MachineName;
  readonly role: 'storage' | 'host' | 'witness';
  /** Last number of its addresses and last byte of its MAC addresses. */
  readonly number: number;
  /** Memory in MiB. */
  readonly memory: number;
  readonly networks: readonly NetworkName[];
  /** Last number of its management board's address on the management network. */
  readonly board: number | undefined;
  /** Outlet of the power distribution unit that feeds it. */
  readonly outlet: number;
}

export const machines: Readonly<Record<MachineName, Machine>> = {
  'san-a': {
    name: 'san-a',
    role: 'storage',
    number: 11,
    memory: 1280,
    networks: networkNames,
    board: 201,
    outlet: 1,
  },
  'san-b': {
    name: 'san-b',
    role: 'storage',
    number: 12,
    memory: 1280,
    networks: networkNames,
    board: 202,
    outlet: 2,
  },
  client: {
    name: 'client',
    role: 'host',
    number: 21,
    memory: 768,
    networks: ['management', 'storage-a', 'storage-b'],
    board: undefined,
    outlet: 3,
  },
  // Cutting the network between the nodes leaves it reached by both.
  witness: {
    name: 'witness',
    role: 'witness',
    number: 31,
    memory: 512,
    networks: ['management'],
    board: undefined,
    outlet: 4,
  },
};

/** Last number of the lab's own address on the management network: where its commands come from. */
export const labNumber = 1;
/** Last number of the power distribution unit's address on the management network. */
export const pduNumber = 210;
/** Port of Keelson's REST API on the storage nodes. */
export const apiPort = 8443;
/** The data disk is /dev/disk/by-id/virtio-SERIAL on each storage node. */
export const dataDiskSerial = 'keelson-data';
/** One disk for both storage nodes, /dev/disk/by-id/virtio-SERIAL: SBD's, where a cluster wants it. */
export const sharedDiskSerial = 'keelson-shared';

export const isStorageNode = (name: MachineName): name is StorageNodeName =>
  machines[name].role === 'storage';

/** The IPv4 address with this last number on this network. */
export function addressOn(network: NetworkName, number: number): string {
  return `10.77.${networks[network].index}.${number}`;
}

/** The address of a machine on a network. */
export function machineAddress(name: MachineName, network: NetworkName): string {
  return addressOn(network, machines[name].number);
}

/** The address of a storage node's management board. */
export function boardAddress(name: StorageNodeName): string {
  return addressOn('management', machines[name].board ?? machines[name].number + 190);
}

/** The MAC address of a machine on a network; the machines find name and address of an interface in it. */
export function macAddress(name: MachineName, network: NetworkName): string {
  const bytes = [0x52, 0x54, 0x00, 77, networks[network].index, machines[name].number];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The tap of a machine on a network, inside the lab's network namespace; at most 15 characters. */
export function tapName(name: MachineName, network: NetworkName): string {
  return `${name}-${networks[network].interfaceName}`;
}
