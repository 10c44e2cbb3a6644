import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineFolder } from '../settings.ts';
import type { LabSettings } from '../settings.ts';
import type { MachineName } from '../topology.ts';

/** The id of a machine's QEMU, if it runs; the same test as in the power scripts. */
export function machineProcess(settings: LabSettings, name: MachineName): number | undefined {
  const pidFile = join(machineFolder(settings, name), 'qemu.pid');
  try {
    const id = Number(readFileSync(pidFile, 'utf8'));
    const words = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
    return words.includes(pidFile) ? id : undefined;
  } catch {
    return undefined;
  }
}
