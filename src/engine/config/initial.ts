import { fenceDevicesOf } from './fence-devices.ts';
import { hostFrom } from './hosts.ts';
import {
  milliseconds,
  type ClusterConfig,
  type ClusterFile,
  type WitnessAsked,
  type NodeIntent,
  type WitnessIntent,
} from '../../model/index.ts';

const DRBD_PORT = 7789;

/** Fresh random values, lower-case hex, made outside because the engine has no randomness. */
export interface ClusterSecrets {
  readonly clusterId: string;
  readonly poolSecret: string;
}

/**
 * Revision 1 of a new cluster, from a cluster file that the API's schema has accepted. `sbdDisks`: the UUID in the header
 * of each SBD disk, once they have one.
 */
export function initialConfig(
  file: ClusterFile,
  secrets: ClusterSecrets,
  sbdDisks: Readonly<Record<string, string>> = {},
): ClusterConfig {
  const target = file.target;
  return {
    format: 1,
    clusterId: secrets.clusterId,
    clusterName: file.name,
    revision: 1,
    generation: 0,
    nodes: byName(
      file.nodes.map((node, index): NodeIntent => ({
        name: node.name,
        id: index + 1,
        management: node.management,
        cluster: node.cluster,
        replication: node.replication,
        ...(node.links === undefined || node.links.length === 0 ? {} : { links: node.links }),
        ...(node.fenceAction === undefined ? {} : { fenceAction: node.fenceAction }),
      })),
    ),
    fenceDevices: byName(file.nodes.flatMap((node) => fenceDevicesOf(node, file.sbd, sbdDisks))),
    pools: byName([
      {
        name: file.pool.name,
        state: 'new' as const,
        minor: 0,
        port: DRBD_PORT,
        sharedSecret: secrets.poolSecret,
        disks: Object.fromEntries(file.nodes.map((node) => [node.name, node.disk])),
        preferredNode: file.pool.preferredNode,
        solo: undefined,
      },
    ]),
    targets: byName([
      {
        name: file.pool.name,
        iqn: target.iqn,
        pool: file.pool.name,
        portals: target.portals.map((portal, index) => {
          const [address = '', prefix = ''] = portal.split('/');
          return { name: String(index + 1), address, prefix: Number(prefix) };
        }),
      },
    ]),
    hosts: byName(file.hosts.map((host) => hostFrom(host, file.name))),
    luns: {},
    operations: {},
    nextLunNumber: 0,
    properties: {
      quorumPolicy: file.properties?.quorumPolicy ?? 'freeze',
      token: milliseconds(file.properties?.token ?? 1000),
      engineGrace: milliseconds(file.properties?.engineGrace ?? 20_000),
      fenceDelay: milliseconds(file.properties?.fenceDelay ?? 5000),
      ...(file.properties?.fenceAction === 'off' ? { fenceAction: 'off' } : {}),
      patience: file.properties?.patience ?? 1,
      ...(file.testOnly === true ? { testOnly: true } : {}),
    },
    ...(file.witness === undefined ? {} : { witness: witnessIntent(file.witness) }),
  };
}

/** Half of what Corosync's votequorum waits for its device: its own default. Milliseconds. */
const HEURISTICS_TIMEOUT = 5000;

/** With the defaults of what was not said. */
export function witnessIntent({ address, tls, heuristics }: WitnessAsked): WitnessIntent {
  const witness = { address, tls: tls ?? 'off' };
  if (heuristics === undefined) return witness;
  return {
    ...witness,
    heuristics: {
      mode: heuristics.mode ?? 'on',
      timeout: milliseconds(heuristics.timeout ?? HEURISTICS_TIMEOUT),
      ping: heuristics.ping ?? [],
      programs: heuristics.programs ?? [],
    },
  };
}

const byName = <Item extends { readonly name: string }>(items: readonly Item[]): Record<string, Item> =>
  Object.fromEntries(items.map((item) => [item.name, item]));
