import { existsSync } from 'node:fs';
import { deployTo } from './deploy.ts';
import { LabError } from './error.ts';
import { bringUp, takeDown, tidyImages, wantedMachines } from './lifecycle.ts';
import type { DownOptions, UpOptions } from './lifecycle.ts';
import { namespacePath, setManagementAddress } from './namespace.ts';
import { LabMachine } from './node.ts';
import { progressTo } from './progress.ts';
import type { Progress } from './progress.ts';
import { readSettings } from './settings.ts';
import type { LabSettings } from './settings.ts';
import { readStatus } from './status.ts';
import type { LabStatus } from './status.ts';
import { addressOn, pduNumber, storageNodeNames } from './topology.ts';
import type { MachineName } from './topology.ts';

/** A laboratory of two storage nodes and a host, and a witness where it is asked for, with networks, management boards and a PDU. */
export class Lab {
  readonly settings: LabSettings;
  readonly #progress: Progress;

  constructor(settings: LabSettings, progress: Progress) {
    this.settings = settings;
    this.#progress = progress;
  }

  /** Brings the lab up, or what of it is missing, and waits until every machine answers ssh. May be repeated. */
  async up(options: UpOptions = {}): Promise<void> {
    await bringUp(this.settings, options, this.#progress);
    this.#progress('waiting for the machines to answer');
    await Promise.all(
      wantedMachines(options).map(async (name) => {
        await this.node(name).waitForSsh();
        this.#progress(`${name} answers`);
      }),
    );
    await tidyImages(this.settings);
  }

  /** Ends everything the lab started. */
  async down(options: DownOptions = {}): Promise<void> {
    await takeDown(this.settings, options, this.#progress);
  }

  /** Installs a Debian package of Keelson on the storage nodes that are on, and restarts its services there. */
  async deploy(debianPackage: string): Promise<void> {
    this.demandUp();
    const running = storageNodeNames.map((name) => this.node(name)).filter((node) => node.isPowered());
    await deployTo(running, debianPackage, this.#progress);
  }

  node(name: MachineName): LabMachine {
    return new LabMachine(this.settings, name);
  }

  isUp(): boolean {
    return existsSync(namespacePath(this.settings));
  }

  demandUp(): void {
    if (this.isUp()) return;
    throw new LabError('not-up', `lab ${this.settings.name} is down`, 'Run `npm run lab -- up`.');
  }

  async status(): Promise<LabStatus> {
    return readStatus(this.settings);
  }

  /** The PDU can no longer be reached; its outlets stay as they are. */
  async pduDown(): Promise<void> {
    await setManagementAddress(this.settings, addressOn('management', pduNumber), 'unreachable');
  }

  /** The PDU can be reached again. */
  async pduUp(): Promise<void> {
    await setManagementAddress(this.settings, addressOn('management', pduNumber), 'reachable');
  }
}

export interface OpenLabOptions {
  /** Where it says what it does; standard error unless told otherwise. */
  readonly progress?: Progress;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The lab that the environment names (KEELSON_LAB_DIR, KEELSON_LAB_NAME), up or not. */
export function openLab(options: OpenLabOptions = {}): Lab {
  const settings = readSettings(options.environment ?? process.env);
  return new Lab(settings, options.progress ?? progressTo(process.stderr));
}
