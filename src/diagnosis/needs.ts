import {
  milliseconds,
  type ClusterConfig,
  type Examination,
  type NodeName,
  type Path,
  type ProgramNeed,
} from '../model/index.ts';
import { networksOf } from './networks.ts';
import type { Situation } from './situation.ts';

const packages: Readonly<Record<string, readonly string[]>> = {
  'drbd-utils': ['drbdadm', 'drbdmeta', 'drbdsetup'],
  lvm2: ['lvm'],
  corosync: ['corosync', 'corosync-cfgtool'],
  'iputils-arping': ['arping'],
  'iputils-ping': ['ping'],
  iproute2: ['ip', 'ss'],
  kmod: ['modprobe'],
  openssl: ['openssl'],
  'util-linux': ['blockdev', 'lsblk', 'wipefs'],
};

const needsOf = (wanted: Readonly<Record<string, readonly string[]>>): readonly ProgramNeed[] =>
  Object.entries(wanted).flatMap(([name, programs]) =>
    programs.map((program) => ({ program, package: name })),
  );

/** What the node drives: its own part, and the fence devices of the others. */
function programsOf(node: NodeName, config: ClusterConfig | undefined): readonly ProgramNeed[] {
  const all = [...needsOf(packages)];
  if (config === undefined) return all;
  if (config.witness !== undefined) all.push({ program: 'corosync-qdevice', package: 'corosync-qdevice' });
  for (const device of Object.values(config.fenceDevices)) {
    if (device.kind === 'sbd') all.push({ program: 'sbd', package: 'sbd' });
    if (device.node === node) continue;
    if (device.kind === 'ipmi') all.push({ program: 'ipmitool', package: 'ipmitool' });
    if (device.kind === 'libvirt') all.push({ program: 'virsh', package: 'libvirt-clients' });
    if (device.kind === 'ssh') all.push({ program: 'ssh', package: 'openssh-client' });
    if (device.kind === 'agents') all.push({ program: device.program, package: 'fence-agents' });
  }
  return all.filter(({ program }, index) => all.findIndex((other) => other.program === program) === index);
}

/** For one look, on a machine of which `patience` is expected. Milliseconds. */
const DEADLINE = 10_000;

export function examinationOf(situation: Situation): Examination {
  const { node, candidates, peer, planned } = situation;
  const config = situation.config ?? planned;
  const pools = Object.values(situation.config?.pools ?? {});
  return {
    paths: pathsFrom({ ...situation, config }),
    owners: config === undefined ? [] : [...fixedAddresses(node, config), ...floatingAddresses(config)],
    peer: config === undefined ? peer : undefined,
    programs: programsOf(node, config),
    disks: [...pools.flatMap(({ disks }) => disks[node] ?? []), ...candidates],
    names: config === undefined ? [node] : Object.keys(config.nodes),
    deadline: milliseconds(DEADLINE * (config?.properties.patience ?? 2)),
  };
}

const fixedAddresses = (node: NodeName, config: ClusterConfig): readonly string[] => [
  ...new Set(networksOf(node, config).map(({ address }) => address)),
];

const floatingAddresses = ({ targets }: ClusterConfig): readonly string[] =>
  Object.values(targets).flatMap(({ portals }) => portals.map(({ address }) => address));

/** Every way to every other node; one that serves two networks is tried once. */
function pathsFrom({ node, config, peer }: Situation): readonly Path[] {
  if (config === undefined)
    return peer === undefined ? [] : [{ network: 'the way', peer, from: undefined, to: peer }];
  const own = networksOf(node, config);
  return Object.keys(config.nodes)
    .filter((name) => name !== node)
    .flatMap((name) => {
      const theirs = networksOf(name, config);
      return own.flatMap(({ network, address: from }, index): Path[] => {
        const to = theirs[index]?.address;
        const isKnown =
          own.findIndex(({ address }, at) => address === from && theirs[at]?.address === to) < index;
        return to === undefined || isKnown ? [] : [{ network, peer: name, from, to }];
      });
    });
}
