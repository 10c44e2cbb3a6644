import { join } from 'node:path';
import { startHeld, stopHeld } from '../held.ts';
import { insideNamespace } from '../namespace.ts';
import type { LabSettings } from '../settings.ts';
import { ensurePduCredentials } from './credentials.ts';

const agent = join(import.meta.dirname, 'agent.ts');

/** Starts the power distribution unit that feeds all machines: SNMP over UDP, at an address of its own. */
export async function startPdu(settings: LabSettings): Promise<void> {
  await ensurePduCredentials(settings);
  await startHeld(settings, {
    name: 'pdu',
    command: insideNamespace(settings, [process.execPath, agent, settings.stateFolder]),
    workingFolder: settings.stateFolder,
  });
}

/** Ends the power distribution unit; the outlets stay as they are. */
export async function stopPdu(settings: LabSettings): Promise<void> {
  await stopHeld(settings, 'pdu');
}
