import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demandCommand } from './command.ts';
import type { Image } from './image/image.ts';
import { dataDiskFile, rootDiskFile, sharedDiskSize, type DiskName } from './power/qemu.ts';
import { sendQmp } from './qmp.ts';
import { machineProcess } from './power/state.ts';
import { machineFolder, qmpPath, sharedDiskPath } from './settings.ts';
import type { LabSettings } from './settings.ts';
import { machines } from './topology.ts';
import type { MachineName, NetworkName, StorageNodeName } from './topology.ts';

const imageRecord = (settings: LabSettings, name: MachineName): string =>
  join(machineFolder(settings, name), 'image');

/** The folder of the image that a machine's disk is laid over, if it has a disk. */
export async function imageOfMachine(settings: LabSettings, name: MachineName): Promise<string | undefined> {
  const record = imageRecord(settings, name);
  return existsSync(record) ? (await readFile(record, 'utf8')).trim() : undefined;
}

/** Lays a fresh root disk over the image and makes the data disk, unless the machine has them. Size in bytes. */
export async function ensureDisks(
  settings: LabSettings,
  name: MachineName,
  image: Image,
  dataDiskSize: number,
): Promise<void> {
  const folder = machineFolder(settings, name);
  await mkdir(folder, { recursive: true });
  const data = join(folder, dataDiskFile);
  if (machines[name].role === 'storage' && !existsSync(data)) {
    await writeFile(data, '');
    await truncate(data, dataDiskSize);
  }
  const shared = sharedDiskPath(settings);
  if (!existsSync(shared)) {
    await writeFile(shared, '');
    await truncate(shared, sharedDiskSize);
  }
  if ((await imageOfMachine(settings, name)) !== undefined) return;
  const parameters = [
    'create',
    '-q',
    '-f',
    'qcow2',
    '-F',
    'raw',
    '-b',
    image.disk,
    join(folder, rootDiskFile),
  ];
  await demandCommand('qemu-img', parameters);
  await writeFile(imageRecord(settings, name), `${image.folder}\n`);
}

/** Throws a machine's disks away. The machine must be off. */
export async function removeDisks(settings: LabSettings, name: MachineName): Promise<void> {
  const marks = ['data-failed', 'shared-failed'];
  for (const file of ['image', rootDiskFile, dataDiskFile, ...marks, 'console.log', 'power.log']) {
    await rm(join(machineFolder(settings, name), file), { force: true });
  }
}

/** The size of a machine's data disk in bytes; the given size where there is none yet. */
export async function dataDiskSizeOf(
  settings: LabSettings,
  name: MachineName,
  otherwise: number,
): Promise<number> {
  const file = join(machineFolder(settings, name), dataDiskFile);
  return existsSync(file) ? (await stat(file)).size : otherwise;
}

/** Gives or takes the carrier of a machine's network card. A machine that is off has none to take. */
export async function setCarrier(
  settings: LabSettings,
  name: MachineName,
  network: NetworkName,
  up: boolean,
): Promise<void> {
  if (machineProcess(settings, name) === undefined) return;
  await sendQmp(qmpPath(settings, name), [
    { execute: 'set_link', arguments: { name: `card-${network}`, up } },
  ]);
}

const failureMark = (settings: LabSettings, name: StorageNodeName, disk: DiskName): string =>
  join(machineFolder(settings, name), `${disk}-failed`);

/** Whether a node's data disk answers with errors. */
export function isDiskFailed(settings: LabSettings, name: StorageNodeName): boolean {
  return existsSync(failureMark(settings, name, 'data'));
}

/** Makes a node's disk answer every request with EIO, or heals it; also for the next start of the machine. */
export async function setDiskFailure(
  settings: LabSettings,
  name: StorageNodeName,
  disk: DiskName,
  failed: boolean,
): Promise<void> {
  if (failed) await writeFile(failureMark(settings, name, disk), '');
  else await rm(failureMark(settings, name, disk), { force: true });
  if (machineProcess(settings, name) === undefined) return;
  const value = failed ? `${disk}-failing` : disk;
  await sendQmp(qmpPath(settings, name), [
    { execute: 'qom-set', arguments: { path: `/machine/peripheral/${disk}-disk`, property: 'drive', value } },
  ]);
}
