import { spawnSync } from 'node:child_process';

/** What the agents are tried against; nobody here wrote any of it. */
export interface Peer {
  /** Of fence device, as in a cluster file. */
  readonly kind: 'ipmi' | 'pdu' | 'libvirt' | 'agents' | 'sbd' | 'ssh';
  readonly program: string;
  /** Debian's, whose version is the program's. */
  readonly package: string;
  /** What has to be installed beside it. */
  readonly needs: readonly string[];
  /** A loop device takes root. */
  readonly needsDisks?: boolean;
}

export const peers = {
  board: { kind: 'ipmi', program: 'ipmi_sim', package: 'openipmi', needs: ['ipmitool'] },
  unit: { kind: 'pdu', program: 'snmpd', package: 'snmpd', needs: ['ss', 'awk', 'flock'] },
  hypervisor: { kind: 'libvirt', program: 'libvirtd', package: 'libvirt-daemon', needs: ['virsh'] },
  fenceIpmilan: agentsPeer('fence_ipmilan', 'ipmi_sim', 'ipmitool'),
  fenceIdrac: agentsPeer('fence_idrac', 'ipmi_sim', 'ipmitool'),
  fenceApcSnmp: agentsPeer('fence_apc_snmp', 'snmpd', 'snmpget'),
  fenceDummy: agentsPeer('fence_dummy'),
  shell: { kind: 'ssh', program: 'sshd', package: 'openssh-server', needs: ['ssh', 'ssh-keygen'] },
  disks: { kind: 'sbd', program: 'sbd', package: 'sbd', needs: ['losetup'], needsDisks: true },
} as const satisfies Readonly<Record<string, Peer>>;

function agentsPeer<Program extends string>(program: Program, ...needs: readonly string[]) {
  return { kind: 'agents', program, package: 'fence-agents', needs } as const;
}

export const isInstalled = (program: string): boolean =>
  spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;

const hasDisks = (): boolean => process.getuid?.() === 0 && spawnSync('losetup', ['--find']).status === 0;

/** Whether the tests against it can run on this machine. */
export const isThere = ({ program, needs, needsDisks }: Peer): boolean =>
  [program, ...needs].every(isInstalled) && (needsDisks !== true || hasDisks());

/** What the tests against it stand under; by that the table of `npm run test:fencing` finds them. */
export const titleOf = ({ kind, program }: Peer): string => `${kind}: ${program}`;
