import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Looks, ModuleFacts } from '../../model/index.ts';
import { readIfThere, type Place } from './place.ts';

/** What a node mirrors and exports with. */
const MODULES = ['configfs', 'drbd', 'dm_mod', 'target_core_mod', 'iscsi_target_mod', 'target_core_iblock'];

/** Loads none of them. */
export const lookAtModules = (place: Place): Promise<Looks['modules']> =>
  Promise.all(MODULES.map((name) => lookAtModule(place, name)));

async function lookAtModule(place: Place, name: string): Promise<ModuleFacts> {
  const isLoaded = await access(join(place.root, '/sys/module', name)).then(
    () => true,
    () => false,
  );
  if (isLoaded) return { name, problem: undefined };
  const tried = await place.run('modprobe', ['--dry-run', '--verbose', name]);
  if (!tried.ok) throw new Error(tried.failure.message);
  const { exitCode, stdout, stderr } = tried.value;
  if (exitCode !== 0) return { name, problem: stderr.trim().replace(/^modprobe: (FATAL|ERROR): /, '') };
  // modprobe.d(5): `install MODULE /bin/false` is how people keep a module out.
  const blocked = /^install .*\/(?:false|true)\b.*$/m.exec(stdout)?.[0];
  return { name, problem: blocked === undefined ? undefined : `/etc/modprobe.d says: ${blocked.trim()}` };
}

/** As the loaded one tells of itself, or the one that would be loaded. */
export async function lookAtDrbd(place: Place): Promise<Looks['drbd']> {
  const [, loaded] = /^version: *(\S+)/m.exec((await readIfThere(place, '/proc/drbd')) ?? '') ?? [];
  if (loaded !== undefined) return loaded;
  const asked = await place.run('modinfo', ['--field', 'version', 'drbd']);
  if (!asked.ok) throw new Error(asked.failure.message);
  const version = asked.value.stdout.trim();
  return version === '' ? undefined : version;
}

/** /proc/drbd has a line for each minor that is configured: ` 0: cs:Connected ro:Primary/Secondary ...`. */
export async function lookAtDrbdMinors(place: Place): Promise<Looks['drbdMinors']> {
  const text = (await readIfThere(place, '/proc/drbd')) ?? '';
  return [...text.matchAll(/^ *(\d+): cs:(\S+)/gm)]
    .filter(([, , state]) => state !== 'Unconfigured')
    .map(([, minor]) => Number(minor));
}
