import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { demandCommand } from './command.ts';
import type { CommandOptions, CommandOutcome } from './command.ts';
import { LabError } from './error.ts';
import { isDiskFailed, setCarrier, setDiskFailure } from './machines.ts';
import { setManagementAddress, setTap } from './namespace.ts';
import { powerScripts } from './power/scripts.ts';
import type { DiskName } from './power/qemu.ts';
import { machineProcess } from './power/state.ts';
import type { LabSettings } from './settings.ts';
import { watchScreen, type Screen } from './screen.ts';
import { closeSsh, runOverSsh, shellQuote, sshCommand } from './ssh.ts';
import { boardAddress, isStorageNode, machineAddress, machines } from './topology.ts';
import type { MachineName, NetworkName, StorageNodeName } from './topology.ts';

const usualTimeout = 60_000;

/** One machine of the lab, and what can be done with and to it. */
export class LabMachine {
  readonly name: MachineName;
  readonly #settings: LabSettings;

  constructor(settings: LabSettings, name: MachineName) {
    this.#settings = settings;
    this.name = name;
  }

  /** Its IPv4 address on a network. */
  address(network: NetworkName): string {
    return machineAddress(this.name, network);
  }

  /**
   * Runs a shell script (text) or one program (words) as root on the machine, over its management network. An exit code
   * is an answer; LabError `machine-silent` where the machine cannot be reached or goes away meanwhile. Without a
   * timeout of its own (milliseconds) a command has one minute.
   */
  async run(command: string | readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
    const limits = { timeout: usualTimeout, ...options };
    const outcome = await runOverSsh(this.#settings, this.name, command, limits);
    if (outcome.exitCode === 255) {
      throw new LabError(
        'machine-silent',
        `${this.name} cannot be reached by ssh: ${outcome.stderr}`,
        `See \`npm run lab -- status\`, and its console with \`npm run lab -- console ${this.name}\`.`,
      );
    }
    return outcome;
  }

  /** As `run`, but anything except exit code 0 is an error. Returns what the command wrote to its standard output. */
  async demand(command: string | readonly string[], options: CommandOptions = {}): Promise<string> {
    const outcome = await this.run(command, options);
    if (outcome.exitCode === 0) return outcome.stdout;
    const what = typeof command === 'string' ? command : command.join(' ');
    const how = outcome.timedOut ? 'took too long' : `ended with ${outcome.exitCode ?? 'a signal'}`;
    throw new LabError(
      'command-failed',
      `on ${this.name}: ${what.slice(0, 300)} ${how}\n${outcome.stderr}\n${outcome.stdout}`.trimEnd(),
      `Look at the machine: \`npm run lab -- ssh ${this.name}\`.`,
    );
  }

  /** Runs a command with this process's own terminal; returns its exit code. */
  async attach(command: readonly string[]): Promise<number> {
    const options = command.length === 0 || process.stdin.isTTY ? ['-t'] : [];
    const [program = '', ...parameters] = sshCommand(this.#settings, this.name, options, command);
    const result = await execa(program, parameters, { stdio: 'inherit', reject: false });
    return result.exitCode ?? 1;
  }

  /** Runs a program in a pseudo-terminal there; `patience` (milliseconds) is how long a text is waited for. */
  terminal(command: readonly string[], patience: number): Screen {
    const words = command.map(shellQuote).join(' ');
    const [program = '', ...parameters] = sshCommand(this.#settings, this.name, ['-tt'], [words]);
    return watchScreen(spawn(program, parameters, { stdio: ['pipe', 'pipe', 'inherit'] }), patience);
  }

  /** Copies a file of this machine to a path there, with a mode such as `0644`. */
  async copyTo(localPath: string, path: string, mode = '0644'): Promise<void> {
    const place = '"$(mktemp "$1.XXXXXX")"';
    const script = `set -eu; set -- ${JSON.stringify(path)}; new=${place}; cat >"$new"; chmod ${mode} "$new"; mv "$new" "$1"`;
    const [program = '', ...parameters] = sshCommand(this.#settings, this.name, ['-T'], [script]);
    await execa(program, parameters, { input: createReadStream(localPath), timeout: 180_000 });
  }

  /** Waits until ssh answers; timeout in milliseconds. */
  async waitForSsh(timeout = 240_000): Promise<void> {
    const end = performance.now() + timeout;
    while (performance.now() < end) {
      if (!this.isPowered()) {
        throw new LabError(
          'machine-off',
          `${this.name} is off`,
          `Run \`npm run lab -- power-on ${this.name}\`.`,
        );
      }
      if (await this.answers(10_000)) return;
      await wait(1000);
    }
    throw new LabError(
      'machine-silent',
      `${this.name} did not answer ssh within ${timeout / 1000} s`,
      `Look at its console: \`npm run lab -- console ${this.name}\`.`,
    );
  }

  /** Whether ssh answers within so many milliseconds. */
  async answers(timeout: number): Promise<boolean> {
    const outcome = await runOverSsh(this.#settings, this.name, ['true'], { timeout });
    return outcome.exitCode === 0;
  }

  isPowered(): boolean {
    return machineProcess(this.#settings, this.name) !== undefined;
  }

  /** Pulls the power cord: the machine ends between two instructions. Returns when it has. */
  async powerCut(): Promise<void> {
    await demandCommand(powerScripts(this.#settings, this.name).cut, []);
  }

  /** Gives power; returns when the machine begins to boot. */
  async powerOn(): Promise<void> {
    await demandCommand(powerScripts(this.#settings, this.name).on, []);
  }

  /** Pulls a network cable: the switch's end and the card's carrier. */
  async linkDown(network: NetworkName): Promise<void> {
    this.#demandCard(network);
    await setTap(this.#settings, this.name, network, 'down');
    await setCarrier(this.#settings, this.name, network, false);
  }

  /** Plugs a network cable in again. */
  async linkUp(network: NetworkName): Promise<void> {
    this.#demandCard(network);
    await setTap(this.#settings, this.name, network, 'up');
    await setCarrier(this.#settings, this.name, network, true);
  }

  /** From now on every request to the disk fails with EIO, also after a power cut; the shared one for this node alone. */
  async failDisk(disk: DiskName = 'data'): Promise<void> {
    await setDiskFailure(this.#settings, this.#storageName(), disk, true);
  }

  /** The disk works again, with what was on it before it failed. */
  async healDisk(disk: DiskName = 'data'): Promise<void> {
    await setDiskFailure(this.#settings, this.#storageName(), disk, false);
  }

  isDiskFailed(): boolean {
    return isDiskFailed(this.#settings, this.#storageName());
  }

  /** The management board can no longer be reached; the machine goes on. */
  async boardDown(): Promise<void> {
    await setManagementAddress(this.#settings, boardAddress(this.#storageName()), 'unreachable');
  }

  /** The management board can be reached again. */
  async boardUp(): Promise<void> {
    await setManagementAddress(this.#settings, boardAddress(this.#storageName()), 'reachable');
  }

  /** Ends the ssh connection that all commands share; the next command opens a new one. */
  async closeConnection(): Promise<void> {
    await closeSsh(this.#settings, this.name);
  }

  #storageName(): StorageNodeName {
    if (isStorageNode(this.name)) return this.name;
    throw new LabError(
      'bad-argument',
      `${this.name} has no data disk and no management board`,
      'Name san-a or san-b.',
    );
  }

  #demandCard(network: NetworkName): void {
    if (machines[this.name].networks.includes(network)) return;
    const known = machines[this.name].networks.join(', ');
    throw new LabError('bad-argument', `${this.name} is not on network ${network}`, `It is on ${known}.`);
  }
}
