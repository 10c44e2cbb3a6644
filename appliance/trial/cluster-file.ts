import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterFile } from '../../src/model/index.ts';
import type { Lab } from '../lab/lab.ts';
import { boardAddress, dataDiskSerial, machineAddress, storageNodeNames } from '../lab/topology.ts';

export const initiator = 'iqn.2026-11.com.example:client';
export const targetName = 'iqn.2026-11.com.example:keelson';
/** One floating address on each storage network: two paths for multipath. */
export const portals = ['10.77.3.100', '10.77.4.100'] as const;

/** What a person would write for the lab's machines. Timeouts are those for emulated processors. */
export async function labClusterFile(lab: Lab): Promise<ClusterFile> {
  const nodes = storageNodeNames.map(async (name) => ({
    name,
    management: machineAddress(name, 'management'),
    cluster: machineAddress(name, 'cluster'),
    replication: machineAddress(name, 'replication'),
    disk: `/dev/disk/by-id/virtio-${dataDiskSerial}`,
    fence: {
      kind: 'ipmi' as const,
      address: boardAddress(name),
      username: 'admin',
      password: await boardPassword(lab, name),
    },
  }));
  return {
    name: 'lab',
    nodes: await Promise.all(nodes),
    pool: { name: 'pool1', preferredNode: 'san-a' },
    target: { iqn: targetName, portals: portals.map((address) => `${address}/24`) },
    hosts: [{ name: 'client', initiators: [initiator] }],
    properties: { token: 5000, patience: 4, engineGrace: 60_000 },
  };
}

const boardPassword = async (lab: Lab, node: string): Promise<string> =>
  (await readFile(join(lab.settings.stateFolder, 'boards', node, 'password'), 'utf8')).trim();
