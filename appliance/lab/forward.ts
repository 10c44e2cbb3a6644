import { join } from 'node:path';
import { startHeld, stopHeld } from './held.ts';
import { insideNamespace } from './namespace.ts';
import type { LabSettings } from './settings.ts';
import { apiPort, machineAddress, storageNodeNames } from './topology.ts';

const relay = join(import.meta.dirname, 'relay.ts');

/** Leads two ports of the machine's loopback to the REST APIs of the storage nodes. */
export async function startForward(settings: LabSettings): Promise<void> {
  const node = [process.execPath, relay, settings.stateFolder];
  const socket = (name: string): string => join(settings.runFolder, `${name}.api`);
  const inside = storageNodeNames.map(
    (name) => `${socket(name)}=${machineAddress(name, 'management')}:${apiPort}`,
  );
  const outside = storageNodeNames.map((name) => `127.0.0.1:${settings.apiPorts[name]}=${socket(name)}`);
  const workingFolder = settings.stateFolder;
  await startHeld(settings, {
    name: 'relay-inside',
    command: insideNamespace(settings, [...node, ...inside]),
    workingFolder,
  });
  await startHeld(settings, { name: 'relay-outside', command: [...node, ...outside], workingFolder });
}

/** Ends both halves of the way to the APIs. */
export async function stopForward(settings: LabSettings): Promise<void> {
  await stopHeld(settings, 'relay-outside');
  await stopHeld(settings, 'relay-inside');
}
