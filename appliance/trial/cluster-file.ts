import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterFile } from '../../src/model/index.ts';
import type { Lab } from '../lab/lab.ts';
import { readPduCredentials } from '../lab/pdu/credentials.ts';
import {
  addressOn,
  boardAddress,
  dataDiskSerial,
  machineAddress,
  pduNumber,
  sharedDiskSerial,
  storageNodeNames,
  type StorageNodeName,
} from '../lab/topology.ts';

/** The lab's host, as the cluster knows it. */
export const clientName = 'client';
export const initiator = 'iqn.2026-11.com.example:client';
export const targetName = 'iqn.2026-11.com.example:keelson';
/** One floating address on each storage network: two paths for multipath. */
export const portals = ['10.77.3.100', '10.77.4.100'] as const;

export const fenceKinds = ['ipmi', 'pdu', 'sbd'] as const;
export type FenceKind = (typeof fenceKinds)[number];
/** By what each of the lab's nodes is fenced: the first level first. */
export type LabFencing = readonly FenceKind[];

/** The disk that both nodes see, and a watchdog's time that an emulated machine keeps. Seconds. */
export const sbdDisk = `/dev/disk/by-id/virtio-${sharedDiskSerial}`;
export const sbdWatchdogTimeout = 15;

/** What a person would write for the lab's machines. Timeouts are those for emulated processors. */
export function labClusterFile(lab: Lab, fencing: LabFencing = ['ipmi']): ClusterFile {
  const nodes = storageNodeNames.map((name) => ({
    name,
    management: machineAddress(name, 'management'),
    cluster: machineAddress(name, 'cluster'),
    replication: machineAddress(name, 'replication'),
    disk: `/dev/disk/by-id/virtio-${dataDiskSerial}`,
    fence: fencing.map((kind) => deviceOf[kind](lab, name)),
  }));
  return {
    name: 'lab',
    nodes,
    pool: { name: 'pool1', preferredNode: 'san-a' },
    target: { iqn: targetName, portals: portals.map((address) => `${address}/24`) },
    hosts: [{ name: clientName, initiators: [initiator] }],
    ...(fencing.includes('sbd') ? { sbd: { disks: [sbdDisk], watchdogTimeout: sbdWatchdogTimeout } } : {}),
    properties: { token: 5000, patience: 4, engineGrace: 60_000 },
  };
}

const deviceOf = {
  ipmi: (lab: Lab, name: StorageNodeName) => ({
    kind: 'ipmi' as const,
    address: boardAddress(name),
    username: 'admin',
    password: boardPassword(lab, name),
  }),
  pdu: (lab: Lab, name: StorageNodeName) => {
    const { user, authenticationKey, privacyKey } = readPduCredentials(lab.settings);
    return {
      kind: 'pdu' as const,
      address: addressOn('management', pduNumber),
      family: 'apc' as const,
      outlets: [name],
      version: '3' as const,
      username: user,
      authentication: 'sha' as const,
      authenticationKey,
      privacy: 'aes' as const,
      privacyKey,
    };
  },
  sbd: () => ({ kind: 'sbd' as const }),
};

const boardPassword = (lab: Lab, node: string): string =>
  readFileSync(join(lab.settings.stateFolder, 'boards', node, 'password'), 'utf8').trim();
