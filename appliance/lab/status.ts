import { existsSync } from 'node:fs';
import { askBoard } from './bmc/board.ts';
import type { BoardState } from './bmc/board.ts';
import { heldProcess } from './held.ts';
import { isDiskFailed } from './machines.ts';
import { cutTaps, namespacePath } from './namespace.ts';
import { machineProcess } from './power/state.ts';
import { machineFolder, type LabSettings } from './settings.ts';
import { runOverSsh } from './ssh.ts';
import { isStorageNode, machineNames, machines, tapName, usualMachineNames } from './topology.ts';
import type { MachineName, NetworkName } from './topology.ts';

export interface MachineStatus {
  readonly name: MachineName;
  readonly power: 'on' | 'off';
  readonly ssh: 'answers' | 'silent';
  /** Seconds since boot. */
  readonly uptime: number | undefined;
  readonly cutNetworks: readonly NetworkName[];
  readonly dataDisk: 'good' | 'failed' | 'none';
  /** What the management board says. */
  readonly board: BoardState | 'none';
}

export interface LabStatus {
  readonly name: string;
  readonly state: 'up' | 'down';
  readonly pdu: 'running' | 'stopped';
  readonly relay: 'running' | 'stopped';
  /** Where the REST APIs are on the loopback. */
  readonly apis: Readonly<Record<string, string>>;
  readonly machines: readonly MachineStatus[];
}

/** Looks at everything, machines side by side. */
export async function readStatus(settings: LabSettings): Promise<LabStatus> {
  const isUp = existsSync(namespacePath(settings));
  const cut = isUp ? await cutTaps(settings) : new Set<string>();
  const running = async (name: string): Promise<'running' | 'stopped'> =>
    (await heldProcess(settings, name)) === undefined ? 'stopped' : 'running';
  return {
    name: settings.name,
    state: isUp ? 'up' : 'down',
    pdu: await running('pdu'),
    relay: await running('relay-outside'),
    apis: {
      'san-a': `https://127.0.0.1:${settings.apiPorts['san-a']}`,
      'san-b': `https://127.0.0.1:${settings.apiPorts['san-b']}`,
    },
    machines: isUp
      ? await Promise.all(machinesOf(settings).map((name) => readMachine(settings, name, cut)))
      : [],
  };
}

/** One that was never asked for is not told of. */
const machinesOf = (settings: LabSettings): readonly MachineName[] =>
  machineNames.filter(
    (name) => usualMachineNames.some((usual) => usual === name) || existsSync(machineFolder(settings, name)),
  );

async function readMachine(
  settings: LabSettings,
  name: MachineName,
  cut: ReadonlySet<string>,
): Promise<MachineStatus> {
  const isOn = machineProcess(settings, name) !== undefined;
  const [uptime, board] = await Promise.all([
    isOn ? readUptime(settings, name) : undefined,
    isStorageNode(name) ? askBoard(settings, name) : ('none' as const),
  ]);
  return {
    name,
    power: isOn ? 'on' : 'off',
    ssh: uptime === undefined ? 'silent' : 'answers',
    uptime,
    cutNetworks: machines[name].networks.filter((network) => cut.has(tapName(name, network))),
    dataDisk: isStorageNode(name) ? (isDiskFailed(settings, name) ? 'failed' : 'good') : 'none',
    board,
  };
}

async function readUptime(settings: LabSettings, name: MachineName): Promise<number | undefined> {
  const outcome = await runOverSsh(settings, name, ['cat', '/proc/uptime'], { timeout: 6000 });
  return outcome.exitCode === 0 ? Math.round(Number(outcome.stdout.split(' ')[0])) : undefined;
}

/** The status as a table for people. */
export function formatStatus(status: LabStatus): string {
  if (status.state === 'down') return `lab ${status.name} is down`;
  const rows = [['MACHINE', 'POWER', 'SSH', 'UPTIME', 'CUT NETWORKS', 'DATA DISK', 'BMC']];
  for (const machine of status.machines) {
    const cut = machine.cutNetworks.length === 0 ? '-' : machine.cutNetworks.join(',');
    const uptime = machine.uptime === undefined ? '-' : `${machine.uptime} s`;
    rows.push([machine.name, machine.power, machine.ssh, uptime, cut, machine.dataDisk, machine.board]);
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const apis = Object.entries(status.apis).map(([name, url]) => `${name} ${url}`);
  return [...table, '', `PDU ${status.pdu}; relay ${status.relay}: ${apis.join(', ')}`].join('\n');
}
