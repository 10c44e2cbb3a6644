import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterFile } from '../../src/model/index.ts';
import type { Lab } from '../lab/lab.ts';
import {
  boardAddress,
  dataDiskSerial,
  machineAddress,
  sharedDiskSerial,
  storageNodeNames,
  type StorageNodeName,
} from '../lab/topology.ts';

export const initiator = 'iqn.2026-11.com.example:client';
export const targetName = 'iqn.2026-11.com.example:keelson';
/** One floating address on each storage network: two paths for multipath. */
export const portals = ['10.77.3.100', '10.77.4.100'] as const;

/** By what the lab's nodes are fenced. */
export type LabFencing = 'ipmi' | 'sbd';

/** The disk that both nodes see, and a watchdog's time that an emulated machine keeps. Seconds. */
export const sbdDisk = `/dev/disk/by-id/virtio-${sharedDiskSerial}`;
export const sbdWatchdogTimeout = 15;

/** What a person would write for the lab's machines. Timeouts are those for emulated processors. */
export async function labClusterFile(lab: Lab, fencing: LabFencing = 'ipmi'): Promise<ClusterFile> {
  const nodes = storageNodeNames.map(async (name) => ({
    name,
    management: machineAddress(name, 'management'),
    cluster: machineAddress(name, 'cluster'),
    replication: machineAddress(name, 'replication'),
    disk: `/dev/disk/by-id/virtio-${dataDiskSerial}`,
    fence: fencing === 'sbd' ? { kind: 'sbd' as const } : await boardOf(lab, name),
  }));
  return {
    name: 'lab',
    nodes: await Promise.all(nodes),
    pool: { name: 'pool1', preferredNode: 'san-a' },
    target: { iqn: targetName, portals: portals.map((address) => `${address}/24`) },
    hosts: [{ name: 'client', initiators: [initiator] }],
    ...(fencing === 'sbd' ? { sbd: { disks: [sbdDisk], watchdogTimeout: sbdWatchdogTimeout } } : {}),
    properties: { token: 5000, patience: 4, engineGrace: 60_000 },
  };
}

const boardOf = async (lab: Lab, name: StorageNodeName) => ({
  kind: 'ipmi' as const,
  address: boardAddress(name),
  username: 'admin',
  password: await boardPassword(lab, name),
});

const boardPassword = async (lab: Lab, node: string): Promise<string> =>
  (await readFile(join(lab.settings.stateFolder, 'boards', node, 'password'), 'utf8')).trim();
