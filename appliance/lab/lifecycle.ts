import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startBoard, stopBoard } from './bmc/board.ts';
import { demandCommand } from './command.ts';
import { startForward, stopForward } from './forward.ts';
import { demandRoot, ensureHostPackages } from './host.ts';
import { ensureImage, imageAt, pruneImages } from './image/image.ts';
import type { Image } from './image/image.ts';
import type { Flavour } from './image/rootfs.ts';
import { withLock } from './lock.ts';
import { dataDiskSizeOf, ensureDisks, imageOfMachine, removeDisks } from './machines.ts';
import { ensureNamespace, removeNamespace } from './namespace.ts';
import { startPdu, stopPdu } from './pdu/pdu.ts';
import { powerScripts, writePowerScripts } from './power/scripts.ts';
import { machineProcess } from './power/state.ts';
import type { Progress } from './progress.ts';
import { sharedDiskPath, type LabSettings } from './settings.ts';
import { closeSsh, ensureSshKey } from './ssh.ts';
import { isStorageNode, machineNames, storageNodeNames, usualMachineNames } from './topology.ts';
import type { MachineName } from './topology.ts';

const mebibyte = 1024 * 1024;

export interface UpOptions {
  /**
   * Gives the path of the Debian package of Keelson that the storage nodes' image gets; none leaves Debian alone. Asked
   * only where a storage node has no disk yet: what is on a disk stays (see `deploy`).
   */
  readonly debianPackage?: (() => Promise<string>) | undefined;
  /** What new root disks have besides the usual packages; a disk that is there stays as it is. */
  readonly flavour?: Flavour;
  /** As that, of keelson-witness. With it there is a witness too, which is not there otherwise. */
  readonly witnessPackage?: (() => Promise<string>) | undefined;
  /** New root and data disks for all machines. */
  readonly fresh?: boolean;
  /** Size of new data disks in MiB. */
  readonly dataDiskSize?: number;
}

/** The machines that are wanted. */
export const wantedMachines = ({ witnessPackage }: UpOptions): readonly MachineName[] =>
  witnessPackage === undefined ? usualMachineNames : machineNames;

/** Where there is a witness, the nodes need what asks it. */
const flavourOf = ({ flavour, witnessPackage }: UpOptions): Flavour | undefined =>
  flavour ?? (witnessPackage === undefined ? undefined : 'witness');

/** Makes and starts whatever of the lab is missing, up to the machines' power; does not wait for their ssh. */
export async function bringUp(settings: LabSettings, options: UpOptions, progress: Progress): Promise<void> {
  demandRoot();
  await withLock(join(settings.stateFolder, 'lock'), async () => {
    await ensureHostPackages(progress);
    if (options.fresh === true) await discardDisks(settings, progress);
    const key = await ensureSshKey(settings);
    await mkdir(settings.runFolder, { recursive: true, mode: 0o700 });
    const images = await chooseImages(settings, options, progress);
    progress(`network namespace ${settings.name}: bridges, taps, management boards, PDU, relay`);
    await ensureNamespace(settings, wantedMachines(options));
    for (const [name, image] of images) {
      if (machineProcess(settings, name) !== undefined) continue;
      const size = await dataDiskSizeOf(settings, name, (options.dataDiskSize ?? 1024) * mebibyte);
      await ensureDisks(settings, name, image, size);
      await writePowerScripts(settings, name, image, key, size);
    }
    await Promise.all([
      ...storageNodeNames.map((name) => startBoard(settings, name)),
      startPdu(settings),
      startForward(settings),
    ]);
    for (const name of wantedMachines(options)) {
      if (machineProcess(settings, name) !== undefined) continue;
      progress(`power on ${name}`);
      await demandCommand(powerScripts(settings, name).on, []);
    }
  });
}

/** The image of each machine: the one its disk is laid over, else the newest. */
async function chooseImages(
  settings: LabSettings,
  options: UpOptions,
  progress: Progress,
): Promise<ReadonlyMap<MachineName, Image>> {
  const images = new Map<MachineName, Image>();
  const packageOf = (name: MachineName): (() => Promise<string>) | undefined =>
    isStorageNode(name) ? options.debianPackage : name === 'witness' ? options.witnessPackage : undefined;
  const packages = new Map<() => Promise<string>, string>();
  for (const name of wantedMachines(options)) {
    const used = await imageOfMachine(settings, name);
    if (used !== undefined && existsSync(used)) {
      images.set(name, imageAt(used));
      continue;
    }
    if (used !== undefined) await removeDisks(settings, name);
    const give = packageOf(name);
    const debianPackage = give && (packages.get(give) ?? (await give()));
    if (give !== undefined && debianPackage !== undefined) packages.set(give, debianPackage);
    images.set(name, await ensureImage(settings.imageFolder, debianPackage, flavourOf(options), progress));
  }
  return images;
}

async function discardDisks(settings: LabSettings, progress: Progress): Promise<void> {
  progress('throwing the disks away');
  for (const name of machineNames) {
    if (machineProcess(settings, name) !== undefined)
      await demandCommand(powerScripts(settings, name).cut, []);
    await removeDisks(settings, name);
  }
  await rm(sharedDiskPath(settings), { force: true });
}

export interface DownOptions {
  /** Also removes the disks, keys and logs. */
  readonly purge?: boolean;
  /** Also removes the cached images. */
  readonly cache?: boolean;
}

/** Ends everything the lab started, by the ids it holds, and removes the namespace. */
export async function takeDown(
  settings: LabSettings,
  options: DownOptions,
  progress: Progress,
): Promise<void> {
  demandRoot();
  await withLock(join(settings.stateFolder, 'lock'), async () => {
    progress('ending management boards, PDU and relay');
    await Promise.all([
      ...storageNodeNames.map((name) => stopBoard(settings, name)),
      stopPdu(settings),
      stopForward(settings),
    ]);
    for (const name of machineNames) {
      await closeSsh(settings, name);
      if (machineProcess(settings, name) === undefined) continue;
      progress(`power off ${name}`);
      await demandCommand(powerScripts(settings, name).cut, []);
    }
    await removeNamespace(settings);
    await rm(settings.runFolder, { recursive: true, force: true });
  });
  if (options.purge === true) {
    progress('removing disks, keys and logs');
    await rm(settings.stateFolder, { recursive: true, force: true });
  }
  if (options.cache === true) {
    progress('removing the cached images');
    await rm(settings.imageFolder, { recursive: true, force: true });
  }
}

/** Removes the images that no machine of any lab in the same folder is laid over. */
export async function tidyImages(settings: LabSettings): Promise<void> {
  const labs = dirname(settings.stateFolder);
  const used = new Set<string>();
  for (const lab of await readdir(labs)) {
    for (const name of machineNames) {
      const folder = await imageOfMachine({ ...settings, stateFolder: join(labs, lab) }, name);
      if (folder !== undefined) used.add(folder);
    }
  }
  await pruneImages(settings.imageFolder, used);
}
