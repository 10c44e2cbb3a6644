import { join } from 'node:path';
import { readFile, readlink } from 'node:fs/promises';
import { listIfThere, readIfThere } from '../kernel-files.ts';

const most = 8;

/** Processes that have the device open; a bounded look through /proc, only made when something has failed already. */
async function openingProcesses(device: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const process of (await listIfThere('/proc')).filter((name) => /^[0-9]+$/.test(name))) {
    for (const descriptor of await listIfThere(`/proc/${process}/fd`)) {
      const path = await readlink(`/proc/${process}/fd/${descriptor}`).catch(() => '');
      if (path !== device) continue;
      found.push(`${(await readIfThere(`/proc/${process}/comm`)) ?? '?'} (process ${process})`);
      break;
    }
    if (found.length >= most) break;
  }
  return found;
}

/** Whether volumes lie on the device: they hold it until they are deactivated, however often one asks. */
export async function carriesVolumes(minor: number): Promise<boolean> {
  return (await listIfThere(`/sys/block/drbd${minor}/holders`)).length > 0;
}

/** Who holds a DRBD device open, as far as can be known: volumes on it, mounts, processes. */
export async function whoHolds(minor: number): Promise<string> {
  const above = await listIfThere(`/sys/block/drbd${minor}/holders`);
  const volumes = await Promise.all(
    above.map(async (name) => (await readIfThere(join('/sys/block', name, 'dm/name'))) ?? name),
  );
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .filter((line) => line.split(' ')[2] === `147:${minor}`)
    .map((line) => `mounted at ${line.split(' ')[4] ?? '?'}`);
  const all = [...volumes, ...mounts, ...(await openingProcesses(`/dev/drbd${minor}`))];
  if (all.length === 0) return 'nobody who can be found';
  const more = all.length > most ? ` and ${all.length - most} more` : '';
  return `${all.slice(0, most).join(', ')}${more}`;
}
