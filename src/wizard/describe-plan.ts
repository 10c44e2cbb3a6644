import { formatSize } from '../api/schemas/index.ts';
import type { ClusterFile, FenceDeviceFile, MachineView } from '../model/index.ts';
import { isForTests, type Plan } from './plan.ts';
import type { Step } from './run/step.ts';

/** Of the machines, where they were looked at just now. */
type Machines = readonly MachineView[];

/** The whole plan for people, without secrets: what will be, what is lost, and what is done in which order. */
export function describePlan(plan: Plan, machines: Machines, steps: readonly Step[]): string {
  const { file, lun } = plan;
  const hosts = file.hosts.map(({ name, initiators }) => `${name} (${initiators.join(', ')})`).join(', ');
  return [
    `The plan: ${file.name}, a SAN of ${plan.nodes.join(' and ')}`,
    '',
    ...file.nodes.flatMap((node) => nodeLines(node, machines)),
    `  pool       ${file.pool.name}, served by ${file.pool.preferredNode ?? ''} at first`,
    `  target     ${file.target.iqn}`,
    `  portals    ${file.target.portals.join(', ')}`,
    `  witness    ${file.witness?.address ?? 'none'}`,
    `  host       ${hosts || 'none'}`,
    `  LUN        ${lun === undefined ? 'none' : `${lun.name}, ${formatSize(lun.size)}`}`,
    '',
    'Everything on these disks is overwritten:',
    ...file.nodes.map(({ name, disk }) => `  ${name}  ${disk}${sizeText(name, disk, machines)}`),
    '',
    'Cards, addresses and bonds of the nodes stay as they are; both nodes get the configuration of Corosync, DRBD, LVM and',
    'LIO. What is done, in this order:',
    ...steps.map(({ title }, index) => `  ${index + 1}. ${title}`),
    ...(isForTests(plan)
      ? [
          '',
          'ONLY TO TRY IT: nothing cuts the power of a node. After a split both may write, and data be lost.',
        ]
      : []),
  ].join('\n');
}

function nodeLines(node: ClusterFile['nodes'][number], machines: Machines): readonly string[] {
  const card = (address: string): string => {
    const found = machines
      .find((machine) => machine.node === node.name)
      ?.addresses.find((one) => one.address === address);
    return found === undefined ? address : `${address} on ${found.card}`;
  };
  return [
    `  ${node.name}`,
    `    management   ${card(node.management)}`,
    `    cluster      ${card(node.cluster)}`,
    `    replication  ${card(node.replication)}`,
    `    fenced by    ${devicesOf(node.fence).map(deviceText).join(', then ')}`,
  ];
}

const devicesOf = (fence: ClusterFile['nodes'][number]['fence']): readonly FenceDeviceFile[] =>
  'kind' in fence ? [fence] : fence;

function deviceText(device: FenceDeviceFile): string {
  switch (device.kind) {
    case 'ipmi':
      return `its management board at ${device.address}, as ${device.username}`;
    case 'pdu':
      return `outlet ${device.outlets.join(' and ')} of ${device.address}`;
    case 'libvirt':
      return `${device.uri}, machine ${device.domain}`;
    case 'agents':
      return device.program;
    case 'sbd':
      return 'a message on the shared disk (SBD)';
    case 'ssh':
      return 'itself, by ssh (only for tests)';
    case 'null':
      return 'NOTHING (only for tests)';
  }
}

function sizeText(node: string, disk: string, machines: Machines): string {
  const found = machines.find((one) => one.node === node)?.disks.find(({ path }) => path === disk);
  return found === undefined ? '' : ` (${found.device}, ${formatSize(found.size)})`;
}
